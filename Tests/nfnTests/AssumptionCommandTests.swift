import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

/// What commands say of weights whose file does not say how they are used.
@Suite("What is given and what is assumed", .oneThread)
struct AssumptionCommandTests {
    /// A convolution of 5 channels that a dense layer reads at 4 positions; then two layers of equal width.
    private func write(seed: UInt64, to url: URL) throws {
        try writeLayers(
            [("conv", [5, 2, 3]), ("fc1", [6, 20]), ("fc2", [6, 6]), ("fc3", [3, 6])], seed: seed, to: url)
    }

    private let stated = ["--chain", "--flatten", "channels-last"]

    @Test("inspect, permute and certify name what is not in the file, until it is stated")
    func named() throws {
        try withTemporaryFolder { folder in
            try write(seed: 1, to: folder.appending(path: "a"))
            let open = try expectRun(["inspect", "a"], in: folder).output
            #expect(open.contains("assumed: the layers run one after the other"))
            #expect(open.contains("state it with --flatten channels-first|channels-last, for 1 more group"))
            #expect(open.contains("state it with --chain, for 1 more group"))
            #expect(!(try expectRun(["inspect", "a"] + stated, in: folder).output.contains("not in the file")))
            #expect(try expectRun(["inspect", "a", "--spec"], in: folder).output.hasPrefix("# assumed: the layers"))

            let json = try expectRun(["inspect", "a", "--json"], in: folder).output
            let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
            let assumptions = try #require(object["assumptions"] as? [[String: Any]])
            #expect(object["graph"] as? String == "assumption")
            #expect(assumptions.map { $0["subject"] as? String } == ["chain", "chain", "flatten"])
            #expect(assumptions.map { $0["isOpen"] as? Bool } == [false, true, true])

            let permuted = try expectRun(["permute", "a", "--out", "b"], in: folder)
            #expect(permuted.output.hasPrefix("b: 1 groups permuted"))
            #expect(permuted.complaint.contains("nfn: a: left open: whether channels or positions come first"))
            let silent = try expectRun(["permute", "a", "--out", "c"] + stated, in: folder)
            #expect(silent.output.hasPrefix("c: 3 groups permuted") && silent.complaint.isEmpty)
            _ = try expectRun(["diff", "a", "b"], in: folder)
            _ = try expectRun(["diff", "a", "c"] + stated, in: folder)
            _ = try expectRun(["diff", "a", "c"], in: folder, status: 1)

            #expect(
                try expectRun(["certify", "a"], in: folder).output.contains("holds if the layers run one after the"))
            #expect(try expectRun(["certify", "a"] + stated, in: folder).output.contains("certified: 3 groups"))
            _ = try expectRun(["certify", "a", "--flatten", "sideways"], in: folder, status: 64)
        }
    }

    @Test("a zoo keeps what was assumed or stated on import")
    func zoo() throws {
        try withTemporaryFolder { folder in
            let source = folder.appending(path: "source")
            try FileManager.default.createDirectory(at: source, withIntermediateDirectories: true)
            for seed in 1...3 { try write(seed: UInt64(seed), to: source.appending(path: "\(seed).safetensors")) }
            let assumed = try expectRun(["zoo", "import", "source", "--out", "open"], in: folder)
            #expect(assumed.complaint.contains("assumed: the layers run one after the other"))
            #expect(try expectRun(["zoo", "info", "open"], in: folder).output.contains("left open: whether channels"))
            let given = try expectRun(["zoo", "import", "source", "--out", "given"] + stated, in: folder)
            #expect(!given.complaint.contains("assumed"))
            let info = try expectRun(["zoo", "info", "given"], in: folder).output
            #expect(!info.contains("left open") && info.contains("channels-last"))
        }
    }
}
