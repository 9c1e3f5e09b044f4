import Foundation
import TestSupport
import Testing

@Suite("nfn zoo train-cnns") struct TrainCNNsTests {
    /// Writes labelled pictures of 32 × 32, noise that is brighter in one class than in the other.
    private func writePictures(count: Int, to folder: URL) throws {
        var random = SystemRandomNumberGenerator()
        let labels = (0..<count).map { UInt8($0 % 2) }
        let pixels = labels.flatMap { label in
            (0..<1_024).map { _ in label * 100 + UInt8.random(in: 0...155, using: &random) }
        }
        let number = [0, 0, 0, UInt8(count)]
        let images: [UInt8] = [0, 0, 8, 3] + number + [0, 0, 0, 32, 0, 0, 0, 32] + pixels
        try Data(images).write(to: folder.appending(path: "train-images-idx3-ubyte"))
        try Data([0, 0, 8, 1] + number + labels).write(to: folder.appending(path: "train-labels-idx1-ubyte"))
    }

    @Test("the dense layer reads what --head says; a zoo goes on with its own head alone")
    func heads() throws {
        try withTemporaryFolder { folder in
            try writePictures(count: 60, to: folder)
            let train = ["zoo", "train-cnns", "train-images-idx3-ubyte", "--count", "4", "--test", "20"]
            func run(_ arguments: [String]) throws -> BuiltProgram.Outcome {
                try BuiltProgram.run(arguments, in: folder)
            }
            func succeeding(_ arguments: [String]) throws -> String {
                let outcome = try run(arguments)
                try #require(outcome.status == 0, "\(arguments): \(outcome.complaint)")
                return outcome.output
            }
            for (options, head, parameters, layers) in [
                ([], "pool", "4970", ""), (["--head", "pool"], "pool", "4970", ""),
                (["--head", "flatten"], "flatten", "6250", "flatten, "),
            ] {
                let name = "zoo-\(options.count)-\(head)"
                _ = try succeeding(train + options + ["--out", name])
                let info = try succeeding(["zoo", "info", name])
                #expect(info.contains("cnn 16×3/2 16×3/2 16×3/2, \(layers)10"), "\(info)")
                #expect(info.replacing(",", with: "").contains("\(parameters) parameters"), "\(info)")
                let query = ["zoo", "query", name, "--where", "head = '\(head)'", "--columns", "head"]
                #expect(
                    Set(try succeeding(query + ["--format", "csv"]).split(separator: "\n").dropFirst()) == [head[...]])
            }
            let names = ["zoo-0-pool", "zoo-2-pool"].map { folder.appending(path: $0) }
            #expect(try contents(of: names[0]) == contents(of: names[1]))

            let other = try run(train + ["--out", "zoo-2-flatten"])
            #expect(other.status == 65 && other.complaint.contains("head"), "\(other.complaint)")
            #expect(try run(train + ["--head", "flatten", "--out", "zoo-2-flatten"]).status == 0)
            let unknown = try run(train + ["--head", "last", "--out", "new"])
            #expect(unknown.status == 64 && unknown.complaint.contains("flatten"), "\(unknown.complaint)")
        }
    }
}
