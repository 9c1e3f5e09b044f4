import TestSupport
import Testing
import Torch

@Suite(.oneThread) struct ClosenessTests {
    let reference = Tensor([1.0, -4, 2, 0, 1, 1], shape: [2, 3])

    @Test func relativeErrorIsTheLargestDifferenceOverTheLargestReference() {
        let other = Tensor([1.0, -4, 2, 0.5, 1, 0], shape: [2, 3])
        #expect(relativeError(other, reference) == 0.25)
        #expect(relativeError(reference, reference) == 0)
    }

    @Test func zerosAndEmptyTensorsAreClose() {
        expectClose(.zeros([3]), .zeros([3]), relativeError: 0)
        expectClose(.zeros([0, 2]), .zeros([0, 2]), relativeError: 0)
    }

    @Test func aDifferenceIsReportedWithItsPosition() {
        withKnownIssue {
            expectClose(reference + Tensor([0.0, 0, 1]), reference, relativeError: 1e-3)
        } matching: { issue in
            issue.comments.contains { $0.rawValue.contains("at [0, 2] of [2, 3]: expected 2.0, got 3.0") }
        }
    }

    @Test func anotherShapeIsNotClose() {
        withKnownIssue { expectClose(.ones([2, 1]), .ones([2]), relativeError: 1) }
    }

    @Test(arguments: [Double.nan, .infinity]) func nonFiniteElementsAreNotClose(_ element: Double) {
        withKnownIssue { expectClose(element, 1, relativeError: 1e300) }
        withKnownIssue { expectClose(Tensor([0, element, 0]), .ones([3], dtype: .float64), relativeError: 1e300) }
    }
}
