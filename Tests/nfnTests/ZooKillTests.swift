import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

/// Whatever `kill -9` leaves of a zoo, the same command completes to the bytes of an undisturbed one.
@Suite("kill -9 of what makes zoos", .serialized) struct ZooKillTests {
    private let killing = Killing(trials: 10)

    /// Kills a command that ends with the zoo's folder ten times, each in a folder of its own.
    private func expectContinues(_ command: [String], in folder: URL, shards: Int) throws {
        var whole = try killing.duration(command + ["whole"], in: folder)
        let expected = try contents(of: folder.appending(path: "whole"))
        try #require(expected.count == shards + 2)
        var killed = 0
        for trial in 0..<killing.trials {
            let arguments = command + ["zoo-\(trial)"]
            if try killing.kill(arguments, in: folder, trial, of: &whole) { killed += 1 }
            let again = try BuiltProgram.run(arguments, in: folder)
            #expect(again.status == 0, "trial \(trial): \(again.complaint)")
            let verified = try BuiltProgram.run(["zoo", "verify", "zoo-\(trial)"], in: folder)
            #expect(verified.status == 0, "trial \(trial): \(verified.complaint)")
            #expect(try contents(of: folder.appending(path: "zoo-\(trial)")) == expected, "trial \(trial)")
        }
        #expect(killed >= killing.trials / 2)
    }

    private let fit = [
        "fit", "slopes.idx", "--fits", "12", "--hidden", "4", "--steps", "20", "--minimum-psnr", "0",
    ]

    @Test("a zoo that is made") func makes() throws {
        try withTemporaryFolder { folder in
            try writeSlopes(count: 90, to: folder.appending(path: "slopes.idx"))
            try expectContinues(fit + ["--out"], in: folder, shards: 3)
        }
    }

    @Test("a zoo that is merged") func merges() throws {
        try withTemporaryFolder { folder in
            try writeSlopes(count: 90, to: folder.appending(path: "slopes.idx"))
            for part in 1...3 {
                _ = try killing.duration(fit + ["--shard", "\(part)/3", "--out", "part-\(part)"], in: folder)
            }
            try expectContinues(["zoo", "merge", "part-1", "part-2", "part-3", "--out"], in: folder, shards: 3)
        }
    }

    @Test("a zoo that is imported") func imports() throws {
        try withTemporaryFolder { folder in
            try writeNetworks(1_030, to: folder.appending(path: "networks"))
            try expectContinues(["zoo", "import", "networks", "--out"], in: folder, shards: 3)
        }
    }

    /// Perceptrons 2-3-1 whose last bias tells them apart, with their labels.
    private func writeNetworks(_ count: Int, to folder: URL) throws {
        try Folder.create(folder)
        let first = folder.appending(path: "0.safetensors")
        try SafetensorsFile.write(
            [("0.weight", [3, 2]), ("0.bias", [3]), ("1.weight", [1, 3]), ("1.bias", [1])]
                .map { StoredTensor(name: $0, .ones($1)) }, to: first)
        var data = try Data(contentsOf: first)
        var labels = "file,label\n0,0\n"
        for network in 1..<count {
            withUnsafeBytes(of: Float(network)) { data.replaceSubrange(data.count - 4..<data.count, with: $0) }
            try data.write(to: folder.appending(path: "\(network).safetensors"))
            labels += "\(network),\(network % 10)\n"
        }
        try Data(labels.utf8).write(to: folder.appending(path: "networks.csv"))
    }
}
