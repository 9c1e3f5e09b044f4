import Torch

/// The first elements of each sample's sequence in the reverse order, and those after them as they are.
struct ReverseSequence: Operator {
    static let names = ["ReverseSequence"]

    let batchAxis: Int
    let timeAxis: Int

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(2...2)
        batchAxis = try node.integer("batch_axis", default: 1)
        timeAxis = try node.integer("time_axis", default: 0)
        guard (0...1).contains(batchAxis), timeAxis == 1 - batchAxis else {
            throw node.refused("time_axis", expected: "0 or 1, and the other as 'batch_axis'")
        }
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let (x, lengths) = (try inputs.required(0).requiringRank(atLeast: 2), try inputs.required(1))
        guard lengths.shape == [x.size(batchAxis)], !lengths.dtype.isFloatingPoint else {
            throw OperandError(expected: "\(x.size(batchAxis)) lengths", found: "\(lengths)")
        }
        let moments = try aten("unsqueeze", aten("arange", x.size(timeAxis), DType.int64), batchAxis)
        let length = try aten("unsqueeze", lengths.to(.int64), timeAxis)
        let reversed = try aten("sub.Tensor", aten("sub.Scalar", length, 1), moments)
        let chosen = try aten("where.self", aten("lt.Tensor", moments, length), reversed, moments)
        let places = try chosen.indices(into: x.size(timeAxis))
        let shape = places.shape + [Int](repeating: 1, count: x.rank - 2)
        return [try aten("gather", x, timeAxis, aten("expand", aten("reshape", places, shape), x.shape))]
    }
}

extension ReverseSequence {
    /// Moments are told apart; lengths go with the samples.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        try labelling.unify(x.axis(batchAxis), inputs.required(1).axis(0))
        labelling.fix([try x.axis(timeAxis)])
        return [Value(x.axes)]
    }
}
