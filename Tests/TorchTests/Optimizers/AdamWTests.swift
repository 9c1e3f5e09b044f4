import TestSupport
import Testing

@testable import Torch

@Suite(.oneThread) struct AdamWTests {
    var random = RandomSource(seed: 1)

    mutating func normal(_ shape: [Int]) -> Tensor { .normal(shape: shape, dtype: .float64, using: &random) }

    mutating func gradients(for model: TwoLayers) -> [Tensor] { model.parameters.map { normal($0.value.shape) } }

    func elements(of model: TwoLayers) -> [Double] {
        model.parameters.flatMap { $0.value.elements(as: Double.self) }
    }

    @Test(arguments: [(0.9, 0.999, 1e-8, 0), (0.9, 0.999, 1e-8, 0.1), (0.5, 0.9, 1e-2, 0.01)])
    mutating func tenStepsMatchTheScalarAlgorithm(
        _ beta1: Double, _ beta2: Double, _ epsilon: Double, _ weightDecay: Double
    ) {
        var model = TwoLayers(dtype: .float64, using: &random)
        var optimizer = AdamW(for: model, betas: (beta1, beta2), epsilon: epsilon, weightDecay: weightDecay)
        var references = elements(of: model).map {
            AdamWReference(betas: (beta1, beta2), epsilon: epsilon, weightDecay: weightDecay, parameter: $0)
        }
        for step in 1...10 {
            let (gradients, rate) = (gradients(for: model), 0.1 / Double(step))
            optimizer.step(&model, gradients: gradients, learningRate: rate)
            for (i, gradient) in gradients.flatMap({ $0.elements(as: Double.self) }).enumerated() {
                references[i].step(gradient: gradient, learningRate: rate)
            }
            expectClose(Tensor(elements(of: model)), Tensor(references.map(\.parameter)), relativeError: 1e-13)
        }
        #expect(optimizer.stepCount == 10)
        expectClose(optimizer.firstMoment, Tensor(references.map(\.mean)), relativeError: 1e-13)
        expectClose(optimizer.secondMoment, Tensor(references.map(\.meanSquare)), relativeError: 1e-13)
    }

    @Test mutating func aCopyOfTheOptimizerOrTheModelIsUnaffected() {
        var model = TwoLayers(dtype: .float64, using: &random)
        var optimizer = AdamW(for: model)
        optimizer.step(&model, gradients: gradients(for: model), learningRate: 0.1)
        let (modelCopy, optimizerCopy) = (model, optimizer)
        let before = (elements(of: modelCopy), optimizerCopy.firstMoment.elements(as: Double.self))
        optimizer.step(&model, gradients: gradients(for: model), learningRate: 0.1)
        #expect(elements(of: modelCopy) == before.0)
        #expect(optimizerCopy.firstMoment.elements() == before.1)
        #expect(optimizerCopy.stepCount == 1)
        #expect(elements(of: model) != before.0)
        #expect(optimizer.firstMoment.elements() != before.1)
    }

    static let views: [@Sendable (Tensor) -> Tensor] = [
        { $0.reshaped([1, -1]) }, { $0.detached }, { $0.narrowed(0, to: 1..<3) }, { $0 },
    ]

    @Test(arguments: views) mutating func aViewOfTheMomentsIsUnaffected(_ view: @Sendable (Tensor) -> Tensor) {
        var model = TwoLayers(dtype: .float64, using: &random)
        var optimizer = AdamW(for: model)
        optimizer.step(&model, gradients: gradients(for: model), learningRate: 0.1)
        let views = (view(optimizer.firstMoment), view(optimizer.secondMoment))
        let before = (views.0.elements(as: Double.self), views.1.elements(as: Double.self))
        optimizer.step(&model, gradients: gradients(for: model), learningRate: 0.1)
        #expect(views.0.elements() == before.0)
        #expect(views.1.elements() == before.1)
    }

    /// Stored moments may be any tensors, such as one zero repeated without a copy.
    @Test mutating func stepsFromExpandedMomentsMatchStepsFromZeros() {
        var models = (TwoLayers(dtype: .float64, using: &random), TwoLayers(dtype: .float64, using: &random))
        models.1 = models.0
        var fresh = AdamW(for: models.0)
        func zeros() -> Tensor { .zeros([1], dtype: .float64).expanded([models.0.parameterCount]).detached }
        var restored = AdamW(stepCount: 0, firstMoment: zeros(), secondMoment: zeros())
        for _ in 0..<2 {
            let gradients = gradients(for: models.0)
            fresh.step(&models.0, gradients: gradients, learningRate: 0.1)
            restored.step(&models.1, gradients: gradients, learningRate: 0.1)
        }
        #expect(elements(of: models.0) == elements(of: models.1))
        expectClose(restored.firstMoment, fresh.firstMoment, relativeError: 0)
        expectClose(restored.secondMoment, fresh.secondMoment, relativeError: 0)
    }

    @Test mutating func momentsThatNobodyElseSeesAreReused() {
        var model = TwoLayers(dtype: .float64, using: &random)
        var optimizer = AdamW(for: model)
        optimizer.step(&model, gradients: gradients(for: model), learningRate: 0.1)
        let handles = (optimizer.firstMoment.raw, optimizer.secondMoment.raw)
        optimizer.step(&model, gradients: gradients(for: model), learningRate: 0.1)
        #expect(handles == (optimizer.firstMoment.raw, optimizer.secondMoment.raw))
    }

    @Test mutating func aModelOfOneParameterIsNotOverwrittenInPlace() {
        let weight = normal([3])
        let before = weight.elements(as: Double.self)
        var model = OneParameter(weight: weight)
        var optimizer = AdamW(for: model)
        optimizer.step(&model, gradients: [normal([3])], learningRate: 0.1)
        #expect(weight.elements() == before)
        #expect(model.weight.elements() != before)
    }

    @Test mutating func parametersThatNobodyElseSeesChangeInPlace() {
        var model = OneParameter(weight: normal([3]))
        let handle = model.weight.raw
        var optimizer = AdamW(for: model)
        optimizer.step(&model, gradients: [normal([3])], learningRate: 0.1)
        #expect(handle == model.weight.raw)
    }

    /// 300 rows of 256 are three pieces, rows of 40,000 one each.
    @Test(arguments: [[300, 256], [3, 40_000]], [0.5, .infinity])
    mutating func aProductStepsLikeTheWholeGradient(shape: [Int], norm: Double) {
        let weight = normal(shape)
        var models = (OneParameter(weight: weight), OneParameter(weight: weight))
        var optimizers = (AdamW(for: models.0), AdamW(for: models.1))
        for _ in 0..<3 {
            let product = Gradient.product(left: normal([5, shape[0]]), right: normal([5, shape[1]]))
            optimizers.0.step(&models.0, gradients: [product], clippedTo: norm, learningRate: 0.1)
            optimizers.1.step(&models.1, gradients: [.whole(product.tensor)], clippedTo: norm, learningRate: 0.1)
        }
        expectClose(models.0.weight, models.1.weight, relativeError: 1e-12)
        expectClose(optimizers.0.firstMoment, optimizers.1.firstMoment, relativeError: 1e-12)
        expectClose(optimizers.0.secondMoment, optimizers.1.secondMoment, relativeError: 1e-12)
        #expect(elements(of: models.0) != weight.elements(as: Double.self))
    }

    private func elements(of model: OneParameter) -> [Double] { model.weight.elements(as: Double.self) }

    @Test func longGradientsAreShortened() {
        var model = OneParameter(weight: .zeros([2], dtype: .float64))
        var optimizer = AdamW(for: model)
        optimizer.step(
            &model, gradients: [.whole(Tensor([30, 40]))], clippedTo: 5, learningRate: 0.1)
        expectClose(optimizer.firstMoment, Tensor([0.3, 0.4]), relativeError: 1e-14)
    }

    @Test(arguments: [DType.float32, .bfloat16]) mutating func parametersKeepTheirType(_ dtype: DType) {
        var model = TwoLayers(dtype: dtype, using: &random)
        var optimizer = AdamW(for: model)
        optimizer.step(
            &model, gradients: model.parameters.map { .ones($0.value.shape, dtype: dtype) }, learningRate: 0.1)
        #expect(model.parameters.allSatisfy { $0.value.dtype == dtype })
    }

    @Test func aMomentWithoutGradientsEndsAtZero() {
        var model = OneParameter(weight: .ones([2]))
        var optimizer = AdamW(
            stepCount: 1, firstMoment: Tensor([1e-37, 1] as [Float]), secondMoment: Tensor([1, 1] as [Float]))
        for _ in 0..<25 { optimizer.step(&model, gradients: [.zeros([2])], learningRate: 0.1) }
        let moments = optimizer.firstMoment.elements(as: Float.self)
        // 0.9²⁵ · 1e-37 is not zero, but smaller than the smallest normal number.
        #expect(moments[0] == 0)
        #expect(abs(moments[1] - 0.0717898) < 1e-6)
    }

    @Test func momentsOfAnotherModelTrap() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var random = RandomSource(seed: 1)
            var model = TwoLayers(dtype: .float32, using: &random)
            var optimizer = AdamW(stepCount: 0, firstMoment: .zeros([2]), secondMoment: .zeros([2]))
            optimizer.step(&model, gradients: model.parameters.map(\.value), learningRate: 0.1)
        }
        #expect(try #require(result).standardErrorText.contains("expected moments of shape [26], got [2]"))
    }

    @Test func gradientsOfAnotherShapeTrap() async {
        await #expect(processExitsWith: .failure) {
            var random = RandomSource(seed: 1)
            var model = TwoLayers(dtype: .float32, using: &random)
            var optimizer = AdamW(for: model)
            optimizer.step(&model, gradients: model.parameters.map { _ in .zeros([1]) }, learningRate: 0.1)
        }
    }
}

private struct OneParameter: Module {
    var weight: Tensor

    mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        try visit("weight", &weight)
    }
}
