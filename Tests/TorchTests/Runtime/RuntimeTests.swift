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

    #if os(Linux)
        /// Tensors of many sizes, one after the other: 4 GB in all, none over 40 MB.
        @Test func memoryIsUsedAgain() async {
            await #expect(processExitsWith: .success) {
                func largest() throws -> Int {
                    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
                    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
                    return Int(line?.split(separator: " ").dropFirst().first ?? "") ?? 0
                }
                _ = Tensor.ones([16])
                let before = try largest()
                for size in stride(from: 100_000, to: 10_000_000, by: 50_000) {
                    precondition(Tensor.ones([size]).sum.item == Double(size))
                }
                let kilobytes = try largest() - before
                precondition(kilobytes < 100_000, "took \(kilobytes) kB")
            }
        }
    #endif

    @Test func moreMemoryThanThereIsTraps() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor.zeros([1 << 50])
        }
        #expect(try #require(result).standardErrorText.contains("no memory for"))
    }
}
