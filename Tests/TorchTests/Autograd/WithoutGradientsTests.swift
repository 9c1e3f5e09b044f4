import Foundation
import TestSupport
import Testing
import Torch

@Suite(.oneThread) struct WithoutGradientsTests {
    let x = Tensor([1.0]).asVariable

    func isRecording() -> Bool { (x * 2).requiresGradient }

    @Test func nothingIsRecordedInside() {
        #expect(isRecording())
        withoutGradients { #expect(!isRecording()) }
        #expect(isRecording())
    }

    @Test func theInnerOfTwoLeavesTheOuterInForce() {
        withoutGradients {
            withoutGradients {}
            #expect(!isRecording())
        }
    }

    @Test func recordingResumesWhenTheBodyThrows() {
        struct Failure: Error {}
        #expect(throws: Failure.self) { try withoutGradients { throw Failure() } }
        #expect(isRecording())
    }

    @Test func otherThreadsKeepRecording() {
        let (x, finished) = (x, DispatchSemaphore(value: 0))
        nonisolated(unsafe) var wasRecording = false
        withoutGradients {
            Thread.detachNewThread {
                wasRecording = (x * 2).requiresGradient
                finished.signal()
            }
            finished.wait()
        }
        #expect(wasRecording)
    }
}
