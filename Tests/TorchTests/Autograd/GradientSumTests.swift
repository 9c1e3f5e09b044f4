import TestSupport
import Testing
import Torch

@Suite(.oneThread) struct GradientSumTests {
    /// `x · weight + bias`, and a scale that some parts do without.
    private struct Line: Module {
        var weight: Tensor
        var bias: Tensor
        var scale: Tensor

        mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
            try visit("weight", &weight)
            try visit("bias", &bias)
            try visit("scale", &scale)
        }

        func callAsFunction(_ x: Tensor) -> Tensor { affine(x, weight: weight, bias: bias) }
    }

    private let model: Line
    private let inputs: [Tensor]

    /// Three parts of so many rows.
    private init(rows: [Int]) {
        var random = RandomSource(seed: 3)
        func normal(_ shape: [Int]) -> Tensor { .normal(shape: shape, dtype: .float64, using: &random) }
        model = Line(weight: normal([40, 30]), bias: normal([30]), scale: normal([1]))
        inputs = rows.map { normal([$0, 40]) }
    }

    init() { self.init(rows: [2, 2, 2]) }

    /// Contributes parts in the given order; the second does without the scale.
    private func sum(inOrder order: [Int], of loss: (Line, Tensor) -> Tensor) -> [Gradient] {
        let sum = GradientSum(for: model, parts: inputs.count)
        for part in order {
            let variables = sum.variables(of: model, part: part)
            let value = loss(variables, inputs[part])
            sum.add(gradientsOf: [part == 1 ? value : value * variables.scale], part: part)
        }
        return sum.takeTotal()
    }

    private func expected(_ loss: (Line, Tensor) -> Tensor) -> [Tensor] {
        valueWithGradients(of: model) { model in
            inputs.enumerated().map { part, x in
                part == 1 ? loss(model, x).reshaped([1]) : loss(model, x) * model.scale
            }.reduce(.zeros([1], dtype: .float64), +).sum
        }.gradients
    }

    @Test(
        "the sum over parts is the gradient of the sum",
        arguments: [[1, 1, 1], [2, 2, 2], [50, 50, 50], [2, 50, 1]])
    func sumsAgree(rows: [Int]) {
        let suite = GradientSumTests(rows: rows)
        let loss = { (model: Line, x: Tensor) in model(x).squared.sum }
        for (sum, expected) in zip(suite.sum(inOrder: [0, 1, 2], of: loss), suite.expected(loss)) {
            #expect(sum.shape == expected.shape)
            expectClose(sum.tensor, expected, relativeError: 1e-13)
        }
    }

    @Test("a weight that meets few rows keeps its gradient as thin factors, one that meets many does not")
    func factorsAreThin() {
        let loss = { (model: Line, x: Tensor) in model(x).squared.sum }
        guard case .product(let left, let right) = sum(inOrder: [0, 1, 2], of: loss)[0] else {
            Issue.record("expected a product")
            return
        }
        #expect(left.shape == [6, 40])
        #expect(right.shape == [6, 30])
        guard case .whole = GradientSumTests(rows: [50, 50, 50]).sum(inOrder: [0, 1, 2], of: loss)[0] else {
            Issue.record("expected a whole gradient")
            return
        }
    }

    @Test("a weight that is used in another way as well has a whole gradient")
    func mixedUsesAgree() {
        let loss = { (model: Line, x: Tensor) in matmul(x, model.weight).squared.sum + exp(model.weight).sum }
        let sum = sum(inOrder: [0, 1, 2], of: loss)
        guard case .whole = sum[0] else {
            Issue.record("expected a whole gradient")
            return
        }
        for (sum, expected) in zip(sum, expected(loss)) { expectClose(sum.tensor, expected, relativeError: 1e-13) }
    }

    @Test("factors of a weight that is used again and again are multiplied out before they outgrow it")
    func manyUsesAgree() {
        let loss = { (model: Line, x: Tensor) in
            (0..<10).map { matmul(x * Double($0), model.weight).squared.sum }.reduce(.zeros([], dtype: .float64), +)
        }
        let sum = sum(inOrder: [0, 1, 2], of: loss)
        guard case .whole = sum[0] else {
            Issue.record("expected a whole gradient")
            return
        }
        for (sum, expected) in zip(sum, expected(loss)) { expectClose(sum.tensor, expected, relativeError: 1e-13) }
    }

    @Test("on four threads gradients and steps are those on one, to the last bit") func threads() async {
        await #expect(processExitsWith: .success) {
            func trained(onThreads count: Int) -> [[Double]] {
                Runtime.threadCount = count
                let suite = GradientSumTests(rows: Array(repeating: 3, count: 16))
                var (model, optimizer) = (suite.model, AdamW(for: suite.model))
                for _ in 0..<20 {
                    let (_, gradients) = meanLossWithGradients(of: model, over: BatchPart.parts(of: 16, largest: 1)) {
                        ($0($1.samples.map { suite.inputs[$0] }[0]) * $0.scale).squared.sum + exp($0.weight).sum
                    }
                    optimizer.step(&model, gradients: gradients, clippedTo: 1, learningRate: 0.01)
                }
                return model.parameters.map { $0.value.elements(as: Double.self) }
            }
            precondition(trained(onThreads: 4) == trained(onThreads: 1))
        }
    }

    @Test("what is computed first makes no difference", arguments: [[2, 1, 0], [1, 2, 0], [0, 2, 1]])
    func theOrderOfPartsIsKept(order: [Int]) {
        let loss = { (model: Line, x: Tensor) in model(x).squared.sum + exp(model.bias).sum }
        for (sum, expected) in zip(sum(inOrder: order, of: loss), sum(inOrder: [0, 1, 2], of: loss)) {
            #expect(sum.tensor.elements(as: Double.self) == expected.tensor.elements(as: Double.self))
        }
    }

    @Test("parameters of which nothing depends have a gradient of zero")
    func unusedParametersHaveZeroGradients() {
        let sum = GradientSum(for: model, parts: 1)
        sum.add(gradientsOf: [sum.variables(of: model, part: 0).bias.sum], part: 0)
        let total = sum.takeTotal()
        #expect(total[0].shape == [40, 30])
        #expect(total[0].tensor.elements(as: Double.self).allSatisfy { $0 == 0 })
        #expect(total[1].tensor.elements(as: Double.self).allSatisfy { $0 == 1 })
    }

    @Test func aSecondContributionTraps() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let suite = GradientSumTests()
            let sum = GradientSum(for: suite.model, parts: 1)
            for _ in 0..<2 {
                sum.add(gradientsOf: [sum.variables(of: suite.model, part: 0).bias.sum], part: 0)
            }
        }
        #expect(try #require(result).standardErrorText.contains("part 0 has contributed already"))
    }

    @Test func aSumBeforeItsPartsTraps() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = GradientSum(for: GradientSumTests().model, parts: 1).takeTotal()
        }
        #expect(try #require(result).standardErrorText.contains("expected all parts to have contributed"))
    }

    @Test func aConstantTraps() async {
        await #expect(processExitsWith: .failure) {
            let suite = GradientSumTests()
            GradientSum(for: suite.model, parts: 1).add(gradientsOf: [.ones([], dtype: .float64)], part: 0)
        }
    }
}
