import TestSupport
import Testing
import Torch

@Suite(.oneThread) struct ModuleTests {
    let model: TwoLayers
    let x: Tensor

    init() {
        var random = RandomSource(seed: 1)
        model = TwoLayers(dtype: .float64, using: &random)
        x = .normal(shape: [5, 3], dtype: .float64, using: &random)
    }

    func values(_ model: TwoLayers) -> [[Double]] { model.parameters.map { $0.value.elements() } }

    @Test func namesAreDottedPathsInVisitingOrder() {
        #expect(model.parameters.map(\.name) == ["first.weight", "first.bias", "second.weight", "second.bias"])
        #expect(model.parameters.map(\.name) == model.parameters.map(\.name))
    }

    @Test func theParameterCountIsTheNumberOfElements() {
        #expect(model.parameterCount == 3 * 4 + 4 + 4 * 2 + 2)
    }

    @Test func settingParametersReplacesEveryOneInOrder() {
        var random = RandomSource(seed: 2)
        let other = TwoLayers(dtype: .float64, using: &random)
        var copy = model
        copy.setParameters(other.parameters.map(\.value))
        #expect(values(copy) == values(other))
        #expect(values(copy) != values(model))
        copy.setParameters(model.parameters.map(\.value))
        #expect(values(copy) == values(model))
    }

    @Test func mappingChangesEveryParameterAndLeavesTheModule() {
        let before = values(model)
        #expect(values(model.mapParameters { $0 * 2 }) == before.map { $0.map { $0 * 2 } })
        #expect(values(model) == before)
    }

    @Test func theValueAndGradientsAreThoseOfTheLoss() {
        func loss(_ model: TwoLayers) -> Tensor { model(x).squared.mean }
        let (value, found) = valueWithGradients(of: model, loss)
        #expect(value.item == loss(model).item)
        #expect(!value.requiresGradient)

        let variables = model.parameters.map(\.value.asVariable)
        var variable = model
        variable.setParameters(variables)
        let expected = gradients(of: loss(variable), withRespectTo: variables)
        #expect(found.map(\.shape) == model.parameters.map(\.value.shape))
        #expect(found.map { $0.elements(as: Double.self) } == expected.map { $0.elements(as: Double.self) })
    }

    @Test func gradientsOfAModuleMatchCentralDifferences() {
        expectGradientsMatchCentralDifferences(
            of: { parameters in
                var copy = model
                copy.setParameters(parameters)
                return copy(x).squared.mean
            }, at: model.parameters.map(\.value))
    }

    @Test func aParameterThatTheLossIgnoresHasZeroGradient() {
        let (_, gradients) = valueWithGradients(of: model) { $0.second.bias.sum }
        #expect(gradients[0].elements().allSatisfy { $0 == 0.0 })
        #expect(gradients[3].elements() == [1.0, 1])
    }

    @Test func anErrorOfTheLossIsPassedOn() {
        struct Failure: Error {}
        #expect(throws: Failure.self) { try valueWithGradients(of: model) { _ in throw Failure() } }
    }

    @Test func settingAParameterOfAnotherShapeTraps() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var random = RandomSource(seed: 1)
            var model = TwoLayers(dtype: .float64, using: &random)
            model.setParameters(model.parameters.map { _ in .zeros([3, 4]) })
        }
        #expect(try #require(result).standardErrorText.contains("first.bias: expected [4], got [3, 4]"))
    }

    @Test func settingTooFewOrTooManyParametersTraps() async throws {
        await #expect(processExitsWith: .failure) {
            var random = RandomSource(seed: 1)
            var model = TwoLayers(dtype: .float64, using: &random)
            model.setParameters(model.parameters.map(\.value).dropLast())
        }
        await #expect(processExitsWith: .failure) {
            var random = RandomSource(seed: 1)
            var model = TwoLayers(dtype: .float64, using: &random)
            model.setParameters(model.parameters.map(\.value) + [.zeros([1])])
        }
    }
}
