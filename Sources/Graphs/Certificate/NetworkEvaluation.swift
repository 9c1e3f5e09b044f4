import Torch

/// A network with fixed weights and inputs, evaluated in float64 with some weights in other places.
struct NetworkEvaluation: Sendable {
    private let evaluator: GraphEvaluator
    let parameters: [String: Tensor]
    private let inputs: [String: Tensor]
    private let outputs: [Tensor]

    init(_ network: Network, bounds: [String: Int], using random: inout RandomSource) throws {
        evaluator = try GraphEvaluator(network.graph)
        parameters = try network.parameters(.float64)
        inputs = network.randomInputs(bounds: bounds, using: &random)
        outputs = try evaluator.evaluate(parameters: parameters, inputs: inputs, dtype: .float64)
        guard outputs.allSatisfy({ !$0.dtype.isFloatingPoint || $0.isFinite }) else {
            throw GraphError.computation(
                node: network.checkpoint.url.relativePath, reason: "its outputs on random inputs are not finite")
        }
    }

    /// The largest change of an output when weights are permuted, relative to the largest element of that output.
    func change(under trial: PermutationTrial) throws -> Double {
        let moved = try parameters.merging(trial.permute(parameters)) { $1 }
        let results = try evaluator.evaluate(parameters: moved, inputs: inputs, dtype: .float64)
        return zip(outputs, results).reduce(0) { worst, pair in
            let (before, after) = (pair.0.to(.float64), pair.1.to(.float64))
            guard before.count > 0 else { return worst }
            let axes = Array(0..<before.rank)
            let error = (before - after).magnitude.maximum(axes).item / max(before.magnitude.maximum(axes).item, 1e-300)
            return error.isNaN ? .infinity : max(worst, error)
        }
    }
}
