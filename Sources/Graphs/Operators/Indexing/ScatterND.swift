import Torch

/// The first input with slices written where the last axis of the indices says.
struct ScatterND: Operator {
    static let names = ["ScatterND"]

    let reduction: ScatterReduction

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(3...3)
        reduction = try node.scatterReduction()
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let (x, indices) = (try inputs.required(0), try inputs.required(1).requiringRank(atLeast: 1))
        let depth = indices.size(-1)
        guard depth <= x.rank else { throw OperandError(expected: "indices into \(x.shape)", found: "\(indices)") }
        let sizes = Array(x.shape.prefix(depth))
        let slice = Array(x.shape.dropFirst(depth))
        let positions = try indices.positions(in: sizes)
        let updates = try inputs.required(2).to(x.dtype)
        guard updates.shape == positions.shape + slice else {
            throw OperandError(expected: "updates of shape \(positions.shape + slice)", found: "\(updates)")
        }
        let slices = try aten("reshape", x, [sizes.reduce(1, *)] + slice)
        let flat = try aten("reshape", positions, [positions.count])
        let changes = try aten("reshape", updates, [positions.count] + slice)
        let result: Tensor
        if let combination = reduction.combination, reduction != .add {
            result = try aten("index_reduce", slices, 0, flat, changes, combination)
        } else {
            result = try aten(reduction == .add ? "index_add" : "index_copy", slices, 0, flat, changes)
        }
        return [try aten("reshape", result, x.shape)]
    }
}

extension ScatterND {
    var understandsPositions: Bool { true }

    /// Positions along the axes that are indexed are told apart, unless the indices count them or name a box, whose
    /// places go with those of the updates; along the axes after them the updates are joined.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let (x, updates) = (labelling.settled(try inputs.required(0)), labelling.settled(try inputs.required(2)))
        let indices = try inputs.required(1)
        guard let depth = indices.shape.last, depth <= x.rank, updates.rank == indices.rank - 1 + x.rank - depth else {
            throw OperandError(expected: "indices into \(x.shape)", found: "\(indices.shape)")
        }
        if depth == 1, let parts = try labelling.counted(indices, along: x.axes[0]) {
            for (a, b) in zip(indices.axes.dropLast(), updates.axes) { try labelling.unify(a, b) }
            labelling.fix([parts.rest])
        } else if let starts = try indices.constant.flatMap({ try box($0, in: x.shape) }) {
            for (axis, start) in starts.enumerated() {
                let count = updates.shape[axis]
                let sizes = [start, count, x.shape[axis] - start - count]
                try labelling.unify(labelling.split(x.axes[axis], sizes: sizes)[1], updates.axes[axis])
            }
        } else {
            labelling.fix(Array(x.axes.prefix(depth)) + indices.axes + updates.axes.prefix(indices.rank - 1))
        }
        for (a, b) in zip(x.axes.dropFirst(depth), updates.axes.dropFirst(indices.rank - 1)) {
            try labelling.unify(a, b)
        }
        return [Value(x.axes.map(labelling.resolved))]
    }

    /// Where a box begins along each axis that is indexed, if the indices name all its places in order.
    private func box(_ indices: Tensor, in shape: [Int]) throws -> [Int]? {
        let depth = indices.size(-1)
        guard depth > 0, indices.rank == depth + 1, indices.count > 0 else { return nil }
        var starts: [Int] = []
        for axis in 0..<depth {
            let component = try aten("select.int", indices, -1, axis).indices(into: shape[axis])
            guard let positions = Positions(counting: component),
                positions.axes.indices.allSatisfy({ other in
                    positions.axes[other].allSatisfy { $0.size == 1 || $0.slope == (other == axis ? 1 : 0) }
                })
            else { return nil }
            starts.append(positions.rest.lowerBound)
        }
        return starts
    }
}
