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
            let files = [
                "state.pt", "views.pt", "views5.pt", "training.pt", "script.pt", "kinds.pt", "bare.pt",
                "extras/omegaconf.pt",
            ]
            let archives = try files.map { try ZipArchive(MappedFile(try fixture($0))) }
            var mutation = ArchiveMutation(
                seed: 1, of: archives, target: "data.pkl", fragments: ArchiveFuzzTests.pickles)
            try ArchiveFuzzTests.fuzz(opened: 0.08...0.72) { mutation.next() }
        }
    }

    @Test func mutatedArraysOpenSoundlyOrThrowOneLine() async {
        await #expect(processExitsWith: .success) {
            let archives = try ["stored.npz", "deflated.npz"].map { try ZipArchive(MappedFile(try fixture($0))) }
            var mutation = ArchiveMutation(seed: 2, of: archives, target: ".npy", fragments: ArchiveFuzzTests.headers)
            try ArchiveFuzzTests.fuzz(opened: 0.08...0.72) { mutation.next() }
        }
    }

    @Test func mutatedCheckpointsOfOldOpenSoundlyOrThrowOneLine() async {
        await #expect(processExitsWith: .success) {
            let names = ["legacy.pt", "legacy4.pt", "views_legacy.pt", "training_legacy.pt", "kinds_legacy.pt"]
            let sound = try names.map { [UInt8](try Data(contentsOf: try fixture($0))) }
            var damage = ByteMutation(seed: 3, fragments: ArchiveFuzzTests.pickles)
            try ArchiveFuzzTests.fuzz(opened: 0.08...0.8) {
                var bytes = sound.randomElement(using: &damage.random)!
                for _ in 0..<[1, 1, 1, 2, 4].randomElement(using: &damage.random)! { damage.mutate(&bytes) }
                if Int.random(in: 0..<8, using: &damage.random) == 0 {
                    bytes.removeLast(Int.random(in: 0..<bytes.count, using: &damage.random))
                }
                return bytes
            }
        }
    }

    /// Opens `mutationCount` mutated files, reads every tensor and plain value, and writes every fiftieth that opened.
    private static func fuzz(opened share: ClosedRange<Double>, _ next: () -> [UInt8]) throws {
        try withTemporaryFolder { folder in
            let (url, copy) = (folder.appending(path: "mutated"), folder.appending(path: "copy"))
            try limitMemory(toFurther: 16 << 20)
            alarm(UInt32(60 + mutationCount / 10))
            var opened = 0
            for round in 0..<mutationCount {
                let bytes = next()
                overwrite(url, with: bytes)
                limitProcessorTime(perRound: 1)
                do {
                    let file = try Checkpoints.open(url)
                    for entry in file.entries {
                        #expect(entry.byteCount <= max(1 << 20, 100 * bytes.count), "round \(round)")
                        try file.withBytes(of: entry) { #expect($0.count == entry.byteCount, "round \(round)") }
                    }
                    _ = try (file as? PyTorchFile)?.metadata
                    opened += 1
                    if opened % 50 == 0 { try expectCopy(of: file, at: copy, round) }
                } catch {
                    expectOneLine(error, about: url.relativePath, "round \(round)")
                }
            }
            expectShare(opened, in: share)
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
