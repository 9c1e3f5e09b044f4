import CTorch
import TestSupport
import Testing

@testable import Torch

@Suite(.oneThread) struct RuntimeTests {
    @Test func theLoadedLibraryIsTheOneCompiledAgainst() throws {
        let numbers = Runtime.version.split(separator: ".").compactMap { Int($0) }
        try #require(numbers.count == 3)
        #expect((numbers[0], numbers[1]) >= (2, 11))
    }

    @Test func anotherReleaseTrapsAndNamesBoth() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            Libtorch.requireSameRelease(compiled: 0x020d_0000_0000_0000, loaded: 0x020b_0100_0000_0000)
        }
        let message = try #require(result).standardErrorText
        #expect(message.contains("libtorch 2.11.1 was loaded, but this program was built for 2.13.0"))
        #expect(message.contains("make setup"))
    }

    @Test func thePartsOfAVersionAfterTheReleaseMayDiffer() {
        Libtorch.requireSameRelease(compiled: 0x020d_0000_0000_0000, loaded: 0x020d_0000_1234_5678)
    }

    @Test func operatorsRunOnTheThreadThatCallsThem() {
        _ = Tensor.ones([64])
        #expect(libtorch.thread_count() == 1)
    }

    @Test func noThreadsTrap() async {
        await #expect(processExitsWith: .failure) { Runtime.threadCount = 0 }
    }

    @Test func reusingAllocationsKeepsResults() async {
        await #expect(processExitsWith: .success) {
            Runtime.reuseAllocations()
            for _ in 0..<10 { precondition(Tensor.ones([1_048_576]).sum.item == 1_048_576) }
        }
    }
}
