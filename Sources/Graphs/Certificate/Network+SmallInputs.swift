import Torch
import WeightSpaces

extension Network {
    /// From this size on, inputs are cut.
    private static let largeInput = 1 << 16
    /// The extents to which they are cut, if the graph allows it.
    private static let smallExtents = [32, 64, 128]

    /// The network with large inputs cut to where its graph still fits together and shows the same symmetries, so that
    /// evaluating it takes little time and memory; else the network as it is.
    ///
    /// Permutations act on weights, which do not depend on the extents of pictures and sequences.
    func withSmallInputs() throws -> Network {
        let large = graph.inputs.filter { input in
            elementCount(inputShapes[input.name] ?? []).map { $0 >= Self.largeInput } ?? true
        }
        guard !large.isEmpty, misfit == nil else { return self }
        let whole = try symmetries()
        for extent in Self.smallExtents {
            var shapes = inputShapes
            for input in large {
                shapes[input.name] = shapes[input.name]?.enumerated().map { $0 == 0 ? $1 : min($1, extent) }
            }
            if shapes == inputShapes { continue }
            let cut = Network(checkpoint: checkpoint, graph: graph, shapes: shapes)
            let found = try cut.symmetries()
            if found.space == whole.space, found.refusals.keys == whole.refusals.keys { return cut }
        }
        return self
    }

    /// Reports the first weight that holds NaN or infinite values.
    func requireFinite(_ parameters: [String: Tensor]) throws(FormatError) {
        let sick = parameters.filter { $1.dtype.isFloatingPoint && !$1.isFinite }.keys.min()
        guard let sick else { return }
        throw .malformed(
            file: checkpoint.url.relativePath, part: "'\(sick.oneLine(limit: 100))'",
            expected: "finite numbers, which outputs depend on", found: "NaN or infinite values")
    }

    /// Why the network cannot be evaluated, for an error of its evaluation.
    func failure(_ error: GraphError) -> GraphError {
        if case .unknownOperator = error { return error }
        let open = graph.inputs.filter { $0.shape.contains(nil) }
        return .evaluation(
            file: checkpoint.url.relativePath, inputs: inputShapes, open: open, reason: "\(error)")
    }
}
