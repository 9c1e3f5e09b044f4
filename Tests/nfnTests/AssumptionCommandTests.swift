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
        var random = RandomSource(seed: seed)
        try SafetensorsFile.write(
            [("conv", [5, 2, 3]), ("fc1", [6, 20]), ("fc2", [6, 6]), ("fc3", [3, 6])].flatMap { name, shape in
                [
                    StoredTensor(name: "\(name).weight", .normal(shape: shape, using: &random)),
                    StoredTensor(name: "\(name).bias", .normal(shape: [shape[0]], using: &random)),
                ]
            }, to: url)
    }

    private func run(_ arguments: [String], in folder: URL, status: Int32 = 0) throws -> BuiltProgram.Outcome {
        let outcome = try BuiltProgram.run(arguments, in: folder)
        #expect(outcome.status == status, "\(arguments): \(outcome.complaint)")
        return outcome
    }

    private let stated = ["--chain", "--flatten", "channels-last"]

    @Test("inspect, permute and certify name what is not in the file, until it is stated")
    func named() throws {
        try withTemporaryFolder { folder in
            try write(seed: 1, to: folder.appending(path: "a"))
            let open = try run(["inspect", "a"], in: folder).output
            #expect(open.contains("assumed: the layers run one after the other"))
            #expect(open.contains("state it with --flatten channels-first|channels-last, for 1 more group"))
            #expect(open.contains("state it with --chain, for 1 more group"))
            #expect(!(try run(["inspect", "a"] + stated, in: folder).output.contains("not in the file")))
            #expect(try run(["inspect", "a", "--spec"], in: folder).output.hasPrefix("# assumed: the layers"))

            let json = try run(["inspect", "a", "--json"], in: folder).output
            let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
            let assumptions = try #require(object["assumptions"] as? [[String: Any]])
            #expect(object["graph"] as? String == "assumption")
            #expect(assumptions.map { $0["subject"] as? String } == ["chain", "chain", "flatten"])
            #expect(assumptions.map { $0["isOpen"] as? Bool } == [false, true, true])

            let permuted = try run(["permute", "a", "--out", "b"], in: folder)
            #expect(permuted.output.hasPrefix("b: 1 groups permuted"))
            #expect(permuted.complaint.contains("nfn: a: left open: whether channels or positions come first"))
            let silent = try run(["permute", "a", "--out", "c"] + stated, in: folder)
            #expect(silent.output.hasPrefix("c: 3 groups permuted") && silent.complaint.isEmpty)
            _ = try run(["diff", "a", "b"], in: folder)
            _ = try run(["diff", "a", "c"] + stated, in: folder)
            _ = try run(["diff", "a", "c"], in: folder, status: 1)

            #expect(try run(["certify", "a"], in: folder).output.contains("holds if the layers run one after the"))
            #expect(try run(["certify", "a"] + stated, in: folder).output.contains("certified: 3 groups"))
            _ = try run(["certify", "a", "--flatten", "sideways"], in: folder, status: 64)
        }
    }

    @Test("a zoo keeps what was assumed or stated on import")
    func zoo() throws {
        try withTemporaryFolder { folder in
            let source = folder.appending(path: "source")
            try FileManager.default.createDirectory(at: source, withIntermediateDirectories: true)
            for seed in 1...3 { try write(seed: UInt64(seed), to: source.appending(path: "\(seed).safetensors")) }
            let assumed = try run(["zoo", "import", "source", "--out", "open"], in: folder)
            #expect(assumed.complaint.contains("assumed: the layers run one after the other"))
            #expect(try run(["zoo", "info", "open"], in: folder).output.contains("left open: whether channels"))
            let given = try run(["zoo", "import", "source", "--out", "given"] + stated, in: folder)
            #expect(!given.complaint.contains("assumed"))
            let info = try run(["zoo", "info", "given"], in: folder).output
            #expect(!info.contains("left open") && info.contains("channels-last"))
        }
    }
}
