import Torch

/// A network with fixed weights and inputs, evaluated in float64 with some weights in other places.
struct NetworkEvaluation: Sendable {
    private let evaluator: GraphEvaluator
    let parameters: [String: Tensor]
    /// How long one evaluation takes.
    let duration: Duration
    private let inputs: [String: Tensor]
    private let outputs: [Tensor]
    /// The most bytes that values took at a time.
    private let peak: Int

    /// Beyond this, evaluations are made one after the other.
    private static let largestConcurrentPeak = 128 << 20

    init(_ network: Network, bounds: [String: Int], using random: inout RandomSource) throws {
        evaluator = try GraphEvaluator(network.graph)
        parameters = try network.parameters(.float64)
        inputs = network.randomInputs(bounds: bounds, using: &random)
        let clock = ContinuousClock()
        let begin = clock.now
        do throws(GraphError) {
            var peak = 0
            outputs = try evaluator.evaluate(parameters: parameters, inputs: inputs, dtype: .float64, peak: &peak)
            self.peak = peak
        } catch {
            throw network.failure(error)
        }
        duration = clock.now - begin
        guard outputs.allSatisfy({ !$0.dtype.isFloatingPoint || $0.isFinite }) else {
            throw network.failure(
                .computation(node: network.checkpoint.url.relativePath, reason: "its outputs are not finite"))
        }
    }

    /// The results of `body` for each number, several at a time where there is memory for that.
    func map<Result: Sendable>(
        _ count: Int, _ body: @Sendable (Int) throws(any Error) -> Result
    ) throws -> [Result] {
        peak > Self.largestConcurrentPeak ? try (0..<count).map(body) : try Runtime.concurrentMap(count, body)
    }

    /// The largest change of an output when weights are permuted, relative to the largest element of that output.
    func change(under trial: PermutationTrial) throws -> Double {
        let moved = try parameters.merging(trial.permute(parameters)) { $1 }
        let results = try evaluator.evaluate(parameters: moved, inputs: inputs, dtype: .float64)
        return zip(outputs, results).reduce(0) { worst, pair in
            let (before, after) = (pair.0.to(.float64), pair.1.to(.float64))
            guard before.shape == after.shape else { return .infinity }
            guard before.count > 0 else { return worst }
            let axes = Array(0..<before.rank)
            let error = (before - after).magnitude.maximum(axes).item / max(before.magnitude.maximum(axes).item, 1e-300)
            return error.isNaN ? .infinity : max(worst, error)
        }
    }
}
