import Torch

/// The input broadcast against a shape; both may give way.
struct Expand: Operator {
    static let names = ["Expand"]

    init(_ node: Node) throws(GraphError) { try node.requireInputs(2...2) }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let target = try inputs.required(1).integers()
        let rank = max(x.rank, target.count)
        let own = [Int](repeating: 1, count: rank - x.rank) + x.shape
        let asked = [Int](repeating: 1, count: rank - target.count) + target
        let shape = zip(own, asked).map { $1 == 1 ? $0 : $1 }
        return [try aten("expand", x, checkedShape(shape))]
    }
}

extension Expand {
    /// Axes pass through; what is repeated may move as it likes.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        let target = try inputs.required(1).known().integers()
        guard elementCount(target) != nil else { throw OperandError(expected: "a shape", found: "\(target)") }
        return [Value(try labelling.broadcast([x.axes, target.map { labelling.fresh($0) }]))]
    }
}
