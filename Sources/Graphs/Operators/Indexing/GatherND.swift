import Torch

/// The slices that the last axis of the indices names, by one index for each axis after those of the batch.
struct GatherND: Operator {
    static let names = ["GatherND"]

    let batchAxes: Int

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(2...2)
        batchAxes = try node.integer("batch_dims", default: 0)
        guard (0...64).contains(batchAxes) else {
            throw node.refused("batch_dims", expected: "an integer from 0 to 64")
        }
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let indices = try inputs.required(1).requiringRank(atLeast: batchAxes + 1)
        let (depth, batch) = (indices.size(-1), Array(indices.shape.prefix(batchAxes)))
        guard batchAxes + depth <= x.rank, batch == Array(x.shape.prefix(batchAxes)) else {
            throw OperandError(expected: "indices into \(x.shape)", found: "\(indices)")
        }
        let sizes = Array(x.shape[batchAxes..<batchAxes + depth])
        var positions = try indices.positions(in: sizes)
        let (samples, places) = (batch.reduce(1, *), sizes.reduce(1, *))
        if batchAxes > 0 {
            let starts = Tensor((0..<Int64(samples)).map { $0 * Int64(places) })
            let shape = batch + [Int](repeating: 1, count: positions.rank - batchAxes)
            positions = try aten("add.Tensor", positions, aten("reshape", starts, shape))
        }
        let slice = Array(x.shape.dropFirst(batchAxes + depth))
        try checkedShape(Array(indices.shape.dropLast()) + slice)
        let slices = try aten("reshape", x, [samples * places] + slice)
        let chosen = try aten("index_select", slices, 0, aten("reshape", positions, [positions.count]))
        return [try aten("reshape", chosen, Array(indices.shape.dropLast()) + slice)]
    }
}

extension GatherND {
    /// Positions along the axes that are indexed are told apart; those after them pass through. Known indices into one
    /// axis do what ``Gather`` does.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let (x, indices) = (try inputs.required(0), try inputs.required(1))
        guard let depth = indices.shape.last, batchAxes < indices.rank, batchAxes + depth <= x.rank else {
            throw OperandError(expected: "indices into \(x.shape)", found: "\(indices.shape)")
        }
        if let known = indices.constant, batchAxes == 0, depth == 1 {
            let places = Value(constant: try aten("select.int", known, -1, 0))
            return try Gather(Node("Gather", inputs: ["x", "indices"], outputs: []))
                .label([x, places], in: &labelling)
        }
        for axis in 0..<batchAxes { try labelling.unify(x.axes[axis], indices.axes[axis]) }
        labelling.fix(Array(x.axes[batchAxes..<batchAxes + depth]) + [indices.axes[indices.rank - 1]])
        if depth > 0 { labelling.note(indices.origin, selectsFrom: x.shape[batchAxes..<batchAxes + depth].min() ?? 1) }
        return [Value(indices.axes.dropLast() + x.axes[(batchAxes + depth)...])]
    }
}
