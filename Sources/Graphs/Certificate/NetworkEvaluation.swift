import Torch

/// A network with fixed weights and inputs, evaluated in float64 with some weights in other places.
struct NetworkEvaluation: Sendable {
    private let evaluator: GraphEvaluator
    let parameters: [String: Tensor]
    /// How long one evaluation takes.
    let duration: Duration
    /// Inputs, and what the network gives for them.
    private let cases: [(inputs: [String: Tensor], outputs: [Tensor])]
    /// The most bytes that values took at a time.
    private let peak: Int

    /// Beyond this, evaluations are made one after the other: a convolution takes several times as much for its windows.
    private static let largestConcurrentPeak = 32 << 20

    /// Evaluates a network on random inputs, and again with each number that a single input is compared with.
    init(_ network: Network, _ symmetries: NetworkSymmetries, using random: inout RandomSource) throws {
        evaluator = try GraphEvaluator(network.graph)
        parameters = try network.parameters(.float64)
        let inputs = network.randomInputs(bounds: symmetries.indexBounds, using: &random)
        let choices = symmetries.comparands.sorted { $0.key < $1.key }.flatMap { name, numbers in
            inputs[name]?.count == 1 ? numbers.prefix(Self.mostChoices).map { (name, $0) } : []
        }
        let variants =
            [inputs]
            + choices.map { name, number in
                inputs.merging([name: Tensor([Int64(number)], shape: inputs[name]?.shape ?? [])]) { $1 }
            }
        var cases: [(inputs: [String: Tensor], outputs: [Tensor])] = []
        var peak = 0
        let clock = ContinuousClock()
        let begin = clock.now
        for inputs in variants {
            let outputs: [Tensor]
            do throws(GraphError) {
                outputs = try evaluator.evaluate(parameters: parameters, inputs: inputs, dtype: .float64, peak: &peak)
            } catch {
                throw network.failure(error)
            }
            guard outputs.allSatisfy({ !$0.dtype.isFloatingPoint || $0.isFinite }) else {
                try network.requireFinite(parameters)
                throw network.failure(.computation(node: "the network", reason: "its outputs are not finite"))
            }
            cases.append((inputs, outputs))
        }
        self.cases = cases
        self.peak = peak
        duration = clock.now - begin
    }

    /// How many numbers an input is set to, one after the other.
    private static let mostChoices = 4

    /// The results of `body` for each number, several at a time where there is memory for that.
    func map<Result: Sendable>(
        _ count: Int, _ body: @Sendable (Int) throws(any Error) -> Result
    ) throws -> [Result] {
        peak > Self.largestConcurrentPeak ? try (0..<count).map(body) : try Runtime.concurrentMap(count, body)
    }

    /// The largest change of an output when weights are permuted, relative to the largest element of that output.
    func change(under trial: PermutationTrial) throws -> Double {
        let moved = try parameters.merging(trial.permute(parameters)) { $1 }
        return try cases.reduce(0) { worst, each in
            let results = try evaluator.evaluate(parameters: moved, inputs: each.inputs, dtype: .float64)
            return max(worst, Self.change(from: each.outputs, to: results))
        }
    }

    private static func change(from outputs: [Tensor], to results: [Tensor]) -> Double {
        zip(outputs, results).reduce(0) { worst, pair in
            let (before, after) = (pair.0.to(.float64), pair.1.to(.float64))
            guard before.shape == after.shape else { return .infinity }
            guard before.count > 0 else { return worst }
            let axes = Array(0..<before.rank)
            let error = (before - after).magnitude.maximum(axes).item / max(before.magnitude.maximum(axes).item, 1e-300)
            return error.isNaN ? .infinity : max(worst, error)
        }
    }
}
