import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

/// `inspect`, `certify`, `permute`, `diff` and `embed`, on a chain of dense layers in a safetensors file.
@Suite("Commands on networks of any kind", .oneThread)
struct NetworkCommandTests {
    /// A perceptron 5-8-6-3 with random weights.
    private func write(seed: UInt64, to url: URL) throws {
        try writeLayers([("0", [8, 5]), ("2", [6, 8]), ("4", [3, 6])], seed: seed, to: url)
    }

    @Test("a permuted network is certified, differs by nothing but a permutation, and has the same embedding")
    func permutes() throws {
        try withTemporaryFolder { folder in
            try write(seed: 1, to: folder.appending(path: "a.safetensors"))
            try write(seed: 2, to: folder.appending(path: "b.safetensors"))
            let assumed = try expectRun(["certify", "a.safetensors"], in: folder).output
            #expect(assumed.contains("holds if the layers run one after the other") && !assumed.contains("certified"))
            let stated = try expectRun(["certify", "a.safetensors", "--chain"], in: folder).output
            #expect(stated.contains("certified: 2 groups"))
            _ = try expectRun(["permute", "a.safetensors", "--seed", "3", "--out", "c.safetensors"], in: folder)
            let (a, c) = (
                try Data(contentsOf: folder.appending(path: "a.safetensors")),
                try Data(contentsOf: folder.appending(path: "c.safetensors"))
            )
            #expect(a != c && a.count == c.count)
            let same = try expectRun(["diff", "a.safetensors", "c.safetensors"], in: folder)
            #expect(same.output.contains("the same weights up to a permutation of neurons"))
            _ = try expectRun(["diff", "a.safetensors", "b.safetensors"], in: folder, status: 1)

            let lines = try expectRun(["embed", "a.safetensors", "b.safetensors", "c.safetensors"], in: folder).output
                .split(separator: "\n").map { $0.split(separator: "\t").dropFirst().compactMap { Double($0) } }
            #expect(lines.count == 3 && lines.allSatisfy { $0.count == 64 })
            func distance(_ a: [Double], _ b: [Double]) -> Double {
                let (difference, size) = (
                    zip(a, b).reduce(0) { $0 + pow($1.0 - $1.1, 2) }, b.reduce(0) { $0 + $1 * $1 }
                )
                return (difference / size).squareRoot()
            }
            #expect(distance(lines[2], lines[0]) < 1e-4)
            #expect(distance(lines[1], lines[0]) > 1e-2)
        }
    }

    @Test("inspection as JSON names groups and blocks, and a specification can be put in its place")
    func inspects() throws {
        try withTemporaryFolder { folder in
            try write(seed: 1, to: folder.appending(path: "a.safetensors"))
            let json = try expectRun(["inspect", "a.safetensors", "--json"], in: folder).output
            let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
            #expect(object["version"] as? Int == 1)
            let groups = try #require(object["groups"] as? [[String: Any]])
            #expect(groups.map { $0["size"] as? Int } == [8, 6])
            #expect((object["blocks"] as? [[String: Any]])?.count == 6)

            let spec = try expectRun(["inspect", "a.safetensors", "--spec"], in: folder).output
            #expect(spec.contains("\"2.weight\": [\"2\", \"0\"]"))
            try Data(spec.utf8).write(to: folder.appending(path: "spec.yaml"))
            let certified = try expectRun(["certify", "a.safetensors", "--spec", "spec.yaml", "--chain"], in: folder)
            #expect(certified.output.contains("certified: 2 groups"))
            let wrong = spec.replacingOccurrences(of: "\"2.weight\": [\"2\", \"0\"]", with: "\"2.weight\": [\"2\", 8]")
            try Data(wrong.utf8).write(to: folder.appending(path: "wrong.yaml"))
            let check = ["certify", "a.safetensors", "--spec", "wrong.yaml"]
            let refused = try expectRun(check + ["--chain"], in: folder, status: 1)
            #expect(refused.complaint.contains("not certified: '0'"))
            // A guess refutes nothing.
            let taken = try expectRun(check, in: folder).output
            #expect(taken.contains("taken as stated, and not put to the test: 2 groups"))
            #expect(!taken.contains("NOT A SYMMETRY") && !taken.contains("certified"))

            _ = try expectRun(["inspect", "a.safetensors", "--svg", "a.svg"], in: folder)
            let drawing = try String(contentsOf: folder.appending(path: "a.svg"), encoding: .utf8)
            #expect(drawing.contains("<svg") && drawing.contains("2.weight"))
        }
    }

    @Test("what is no network ends with 65 and one line that says why", arguments: ["certify", "permute", "inspect"])
    func refuses(command: String) throws {
        try withTemporaryFolder { folder in
            try Data("not a network".utf8).write(to: folder.appending(path: "a.onnx"))
            let out = command == "permute" ? ["--out", "b.onnx"] : []
            let outcome = try expectRun([command, "a.onnx"] + out, in: folder, status: 65)
            #expect(outcome.complaint.hasPrefix("nfn: a.onnx: "))
            #expect(outcome.complaint.split(separator: "\n").count == 1)
            #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "b.onnx").path))
        }
    }

    @Test("a folder without a network is told what is looked for in it")
    func folder() throws {
        try withTemporaryFolder { folder in
            let models = folder.appending(path: "models")
            try FileManager.default.createDirectory(at: models, withIntermediateDirectories: false)
            try ONNXBytes.layer().write(to: models.appending(path: "a.onnx"))
            for command in ["inspect", "certify", "embed"] {
                let complaint = try expectRun([command, "models"], in: folder, status: 65).complaint
                #expect(complaint.contains("models") && complaint.contains("a folder without model.safetensors"))
            }
        }
    }

    @Test(
        "what is no specification is said on one line, with the place",
        arguments: [
            ("blocks: {}", "expected 'version' in the document, found none"),
            ("- a", "found another kind of value than expected in the document"),
            ("version: x", "found another kind of value than expected at 'version'"),
            ("a: &a [*a]", "undefined alias"),
        ])
    func specification(text: String, expected: String) throws {
        try withTemporaryFolder { folder in
            try write(seed: 1, to: folder.appending(path: "a"))
            try Data(text.utf8).write(to: folder.appending(path: "spec.yaml"))
            let complaint = try expectRun(["certify", "a", "--spec", "spec.yaml"], in: folder, status: 65).complaint
            #expect(complaint.hasPrefix("nfn: spec.yaml: not a specification: ") && complaint.contains(expected))
            #expect(complaint.split(separator: "\n").count == 1 && !complaint.contains("DecodingError"))
        }
    }

    @Test("a network without weights is said to have none, by every command that needs them")
    func withoutWeights() throws {
        try withTemporaryFolder { folder in
            try ONNXBytes.activation.write(to: folder.appending(path: "a.onnx"))
            #expect(
                try expectRun(["inspect", "a.onnx"], in: folder).output.contains("a.onnx: the network holds no weights")
            )
            for arguments in [
                ["embed", "a.onnx"], ["certify", "a.onnx"], ["permute", "a.onnx", "--out", "b.onnx"],
                ["diff", "a.onnx", "a.onnx"],
            ] {
                let outcome = try expectRun(arguments, in: folder, status: 65)
                #expect(outcome.complaint == "nfn: a.onnx: the network holds no weights\n")
            }
        }
    }

    @Test("where there are no groups, there is nothing to certify")
    func nothingToCertify() throws {
        try withTemporaryFolder { folder in
            try ONNXBytes.layer().write(to: folder.appending(path: "a.onnx"))
            let certified = try expectRun(["certify", "a.onnx"], in: folder).output
            #expect(certified.contains("nothing to certify: no permutation of neurons was found"))
            #expect(!certified.contains("certified: 0 groups"))
        }
    }
}
