import Foundation
import Glibc
import Testing

@testable import WeightSpaces

/// Damaged files either load soundly or throw one line: no crash, no hang, no memory for what a file only claims to hold.
///
/// Each test runs in a process of its own, whose memory and time are limited before anything is read.
@Suite struct SafetensorsFuzzTests {
    @Test func mutatedFilesLoadSoundlyOrThrowOneLine() async {
        await #expect(processExitsWith: .success) {
            var mutation = try SafetensorsMutation(seed: 1)
            try limitMemory(toFurther: 16 << 20)
            alarm(300)
            var loaded = 0
            for round in 0..<mutationCount {
                let bytes = mutation.next()
                do {
                    expectSound(try SafetensorsHeader(of: bytes), in: bytes.count, "round \(round)")
                    loaded += 1
                } catch {
                    expectOneLine(error, about: "f", "round \(round)")
                }
            }
            expectShare(loaded, in: 0.05...0.5)
        }
    }

    @Test func mutatedFilesOnDiskLoadSoundlyOrThrowOneLine() async {
        await #expect(processExitsWith: .success) {
            var mutation = try SafetensorsMutation(seed: 2)
            alarm(300)
            try withTemporaryFolder { folder in
                try limitMemory(toFurther: 16 << 20)
                let url = folder.appending(path: "mutated.safetensors")
                for round in 0..<300 {
                    let bytes = mutation.next()
                    try Data(bytes).write(to: url)
                    do {
                        let file = try SafetensorsFile(url)
                        let stored = file.entries.flatMap { file.withBytes(of: $0) { Array($0) } }
                        #expect(stored == Array(bytes.suffix(stored.count)), "round \(round)")
                    } catch {
                        expectOneLine(error, about: url.relativePath, "round \(round)")
                    }
                }
            }
        }
    }

    /// What is kept of the shortest possible entries is larger than their text, but by a small factor.
    @Test func memoryStaysInProportionToTheDensestHeader() async {
        await #expect(processExitsWith: .success) {
            var text = "{"
            var count = 0
            while text.utf8.count < 4 << 20 {
                text += #""\#(String(count, radix: 36))":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"#
                count += 1
            }
            let file = SafetensorsBytes(text.dropLast() + "}").joined
            try limitMemory(toFurther: 4 * file.count)
            alarm(300)
            #expect(try SafetensorsHeader(of: file).entries.count == count)
        }
    }

    @Test func longNamesOfCombiningMarksAreNotCostly() async {
        await #expect(processExitsWith: .success) {
            let marks = String(repeating: "\u{334}", count: 250) + String(repeating: "\u{315}", count: 250)
            let members = (0..<500).map { #""\#(marks)\#($0)":"""# }
            let file = SafetensorsBytes(#"{"__metadata__":{\#(members.joined(separator: ","))}}"#)
            alarm(10)
            let header = try SafetensorsHeader(of: file)
            #expect(header.metadata.count == 500)
        }
    }

    @Test func theMemoryLimitBinds() async {
        await #expect(processExitsWith: .success) {
            try limitMemory(toFurther: 16 << 20)
            #expect(malloc(64 << 20) == nil)
        }
    }
}

/// What the format promises about entries that were accepted, and that they take no more room than their text.
private func expectSound(_ header: SafetensorsHeader, in fileCount: Int, _ comment: Comment) {
    var end: Int?
    for entry in header.entries {
        #expect(entry.byteRange.lowerBound == end ?? entry.byteRange.lowerBound, comment)
        #expect(entry.byteRange.count == entry.shape.reduce(entry.dtype.byteCount, *), comment)
        end = entry.byteRange.upperBound
    }
    #expect(end ?? fileCount == fileCount, comment)
    #expect(Set(header.entries.map(\.name)).count == header.entries.count, comment)
    let text = header.entries.reduce(0) { $0 + $1.name.utf8.count + $1.shape.count }
    #expect(header.metadata.reduce(text) { $0 + $1.key.utf8.count + $1.value.utf8.count } < fileCount, comment)
}
