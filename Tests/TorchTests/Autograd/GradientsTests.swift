import TestSupport
import Testing
import Torch

@Suite(.oneThread) struct GradientsTests {
    let x = Tensor([1.0, 2, 3]).asVariable

    @Test func theGradientOfTheSumOfSquaresIsTwiceTheInput() {
        #expect(gradients(of: x.squared.sum, withRespectTo: [x])[0].elements() == [2.0, 4, 6])
    }

    @Test(arguments: [DType.float32, .float64, .bfloat16]) func unusedInputsHaveZeroGradients(_ dtype: DType) {
        let unused = Tensor.ones([2, 2], dtype: dtype).asVariable
        let gradients = gradients(of: x.sum, withRespectTo: [unused, x])
        #expect(gradients[0].dtype == dtype)
        #expect(gradients[0].shape == [2, 2])
        #expect(gradients[0].to(.float64).elements() == [0.0, 0, 0, 0])
        #expect(gradients[1].elements() == [1.0, 1, 1])
    }

    @Test func aVariableUsedTwiceAddsBothPaths() {
        #expect(gradients(of: (x * 3 + x * x).sum, withRespectTo: [x])[0].elements() == [5.0, 7, 9])
    }

    @Test func aDetachedFactorIsConstant() {
        #expect(gradients(of: (x * x.detached).sum, withRespectTo: [x])[0].elements() == [1.0, 2, 3])
        #expect(!x.detached.requiresGradient)
        #expect((x * 2).requiresGradient)
    }

    @Test func gradientsAreConstants() {
        #expect(!gradients(of: x.squared.sum, withRespectTo: [x])[0].requiresGradient)
    }

    @Test func makingAVariableLeavesTheValueConstant() {
        let constant = Tensor([1.0])
        _ = constant.asVariable
        #expect(!constant.requiresGradient)
    }

    @Test func variablesHaveElements() {
        #expect(x.elements() == [1.0, 2, 3])
        #expect((x.sum * 2).item == 12)
    }

    @Test func weightedOutputsHaveTheGradientsOfTheirWeightedSum() {
        let weights = [Tensor([1.0, -2, 3]), Tensor([0.5, 0, 4])]
        let outputs = { [x.squared, x * 3] }
        let sum = zip(outputs(), weights).map { ($0 * $1).sum }.reduce(Tensor.zeros([], dtype: .float64), +)
        let expected = gradients(of: sum, withRespectTo: [x])[0].elements(as: Double.self)
        #expect(expected == [3.5, -8, 30])
        #expect(gradients(of: outputs(), weightedBy: weights, withRespectTo: [x])[0].elements() == expected)
    }

    @Test func aWeightHasItsOutputsShape() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let x = Tensor([1.0, 2]).asVariable
            _ = gradients(of: [x * 2], weightedBy: [.ones([1], dtype: .float64)], withRespectTo: [x])
        }
        #expect(try #require(result).standardErrorText.contains("expected weights of shapes [[2]], got [[1]]"))
    }

    @Test func onlyAScalarHasGradients() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let x = Tensor([1.0, 2]).asVariable
            _ = gradients(of: x * 2, withRespectTo: [x])
        }
        #expect(try #require(result).standardErrorText.contains("expected scalar outputs, got shapes [[2]]"))
    }

    @Test func anOutputWithoutVariablesTraps() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let x = Tensor([1.0]).asVariable
            _ = gradients(of: withoutGradients { x * 2 }, withRespectTo: [x])
        }
        #expect(try #require(result).standardErrorText.contains("expected an output computed from variables"))
    }

    @Test func aComputationIsDifferentiatedOnce() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let x = Tensor([1.0]).asVariable
            let y = (x * x).sum
            _ = gradients(of: y, withRespectTo: [x])
            _ = gradients(of: y, withRespectTo: [x])
        }
        #expect(try #require(result).standardErrorText.contains("backward through the graph a second time"))
    }
}
