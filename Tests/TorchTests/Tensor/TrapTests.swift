import TestSupport
import Testing
import Torch

/// A mistake in the program ends it, with what was expected and what was found.
@Suite(.oneThread) struct TrapTests {
    @Test func shapesThatDoNotBroadcastTrapWithTheMessageOfLibtorch() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor([1.0, 2]) + Tensor([1.0, 2, 3])
        }
        let message = try #require(result).standardErrorText
        #expect(message.contains("The size of tensor a (2) must match the size of tensor b (3)"))
    }

    @Test func readingElementsAsAnotherTypeTraps() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor([1.0, 2]).elements(as: Float.self)
        }
        #expect(try #require(result).standardErrorText.contains("expected a tensor of float32, got float64"))
    }

    @Test func bytesThatDoNotFillTheShapeTrap() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor([1.0, 2, 3], shape: [2, 2])
        }
        #expect(try #require(result).standardErrorText.contains("expected 32 bytes for [2, 2], got 24"))
    }

    @Test func aBufferWithoutRoomTraps() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var buffer = [UInt8](repeating: 0, count: 15)
            buffer.withUnsafeMutableBytes { Tensor([1.0, 2]).copyBytes(to: $0) }
        }
        #expect(try #require(result).standardErrorText.contains("the tensor has 16 bytes, there is room for 15"))
    }

    @Test func anAxisOutsideTheShapeTraps() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor([1.0, 2]).size(1)
        }
        #expect(try #require(result).standardErrorText.contains("expected an axis of 1, got 1"))
    }

    @Test func binaryCrossEntropyDoesNotBroadcast() async {
        await #expect(processExitsWith: .failure) { _ = binaryCrossEntropy(.ones([3]), .ones([3, 1])) }
    }

    @Test func meanSquaredErrorDoesNotBroadcast() async {
        await #expect(processExitsWith: .failure) { _ = meanSquaredError(.ones([3]), .ones([3, 1])) }
    }

    @Test func anAffineMapOfAScalarTraps() async {
        await #expect(processExitsWith: .failure) {
            _ = affine(.ones([]), weight: .ones([1, 2]), bias: .ones([2]))
        }
    }
}
