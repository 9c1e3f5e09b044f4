import Foundation
import Glibc
import Testing
import Torch

@testable import WeightSpaces

/// Damaged archives open soundly or throw one line: no crash, no hang, no memory for what a file only claims to hold.
///
/// Each test runs in a process of its own, whose memory and time are limited before anything is read.
@Suite struct ArchiveFuzzTests {
    private static let pickles: [[UInt8]] =
        (0...255).map { [$0] }
        + [
            PickleBytes.text("w"), PickleBytes.text("state_dict"), PickleBytes.integer(-1), PickleBytes.integer(.max),
            PickleBytes.integer(1 << 32), PickleBytes.global("torch", "DoubleStorage"),
            PickleBytes.global("torch._utils", "_rebuild_parameter"), PickleBytes.global("posix", "system"),
            PickleBytes.global("collections", "OrderedDict"), PickleBytes.global("torch.storage", "UntypedStorage"),
            PickleBytes.tensor(count: 6, shape: [6], strides: [1]), [0x4B, 0], [0x4B, 255], [0x68, 0], [0x71, 1],
            [0x8B, 0xFF, 0xFF, 0xFF, 0xFF], [0x58, 0xFF, 0xFF, 0xFF, 0x7F], [0x28, 0x28, 0x28], [0x29, 0x52],
            [UInt8](repeating: 0x5D, count: 500), [UInt8](repeating: 0x28, count: 500), [0x85, 0x85, 0x85, 0x51],
        ]

    private static let headers: [[UInt8]] =
        [
            "0", "9", "(", ")", ",", "'", "<", ">", "f8", "f4", "i1", "O", "True", "False", "{", "}", " ", "\n",
            "(0,)", "(1,)", "4611686018427387904", "9223372036854775807", "9223372036854775808", "-1", "1,", "'shape'",
        ].map { Array($0.utf8) } + [[0x93], [0, 0], [0xFF, 0xFF]]

    @Test func mutatedCheckpointsOpenSoundlyOrThrowOneLine() async {
        await #expect(processExitsWith: .success) {
            let files = ["state.pt", "views.pt", "views5.pt", "training.pt", "script.pt"]
            try ArchiveFuzzTests.fuzz(seed: 1, files, "data.pkl", ArchiveFuzzTests.pickles, loaded: 2_000...18_000)
        }
    }

    @Test func mutatedArraysOpenSoundlyOrThrowOneLine() async {
        await #expect(processExitsWith: .success) {
            try ArchiveFuzzTests.fuzz(
                seed: 2, ["stored.npz", "deflated.npz"], ".npy", ArchiveFuzzTests.headers, loaded: 2_000...18_000)
        }
    }

    /// Opens 25,000 mutated files, reads every tensor, and writes every fiftieth file that opened.
    private static func fuzz(
        seed: UInt64, _ names: [String], _ target: String, _ fragments: [[UInt8]], loaded: ClosedRange<Int>
    ) throws {
        let archives = try names.map { try ZipArchive(MappedFile(try fixture($0))) }
        var mutation = ArchiveMutation(seed: seed, of: archives, target: target, fragments: fragments)
        try withTemporaryFolder { folder in
            let (url, copy) = (folder.appending(path: "mutated"), folder.appending(path: "copy"))
            try limitMemory(toFurther: 16 << 20)
            alarm(600)
            var opened = 0
            for round in 0..<25_000 {
                let bytes = mutation.next()
                overwrite(url, with: bytes)
                limitProcessorTime(perRound: 1)
                do {
                    let file = try Checkpoints.open(url)
                    for entry in file.entries {
                        #expect(entry.byteCount <= max(1 << 20, 100 * bytes.count), "round \(round)")
                        try file.withBytes(of: entry) { #expect($0.count == entry.byteCount, "round \(round)") }
                    }
                    opened += 1
                    if opened % 50 == 0 { try expectCopy(of: file, at: copy, round) }
                } catch {
                    expectOneLine(error, about: url.relativePath, "round \(round)")
                }
            }
            // Both outcomes are met often, or the mutations prove little.
            #expect(loaded ~= opened, "\(opened) of 25,000 mutated files opened")
        }
    }

    /// Expects a copy with the complement of every element to read back as that.
    private static func expectCopy(of file: any Checkpoint, at url: URL, _ round: Int) throws {
        let contents = try file.contents()
        try file.write(to: url) { entry in contents[entry.name]!.map { ~$0 } }
        let copy = try Checkpoints.open(url)
        #expect(copy.entries == file.entries, "round \(round)")
        #expect(try copy.contents() == contents.mapValues { $0.map { ~$0 } }, "round \(round)")
    }
}

/// Puts `bytes` into the file at `url` in place, which is quicker than a new file.
private func overwrite(_ url: URL, with bytes: [UInt8]) {
    let descriptor = open(url.path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    precondition(descriptor >= 0 && write(descriptor, bytes, bytes.count) == bytes.count, "errno \(errno)")
    close(descriptor)
}
