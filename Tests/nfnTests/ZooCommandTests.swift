import Foundation
import TestSupport
import Testing
import WeightSpaces
import Zoo

@testable import nfn

@Suite("nfn zoo, train and report")
struct ZooCommandTests {
    private let fit = ["fit", "slopes.idx", "--hidden", "4,4", "--steps", "30", "--minimum-psnr", "0", "--out"]

    @Test(
        "a zoo that two processes make is merged, looked into, split, checked, and learned from; the page can be made anew"
    )
    func tour() throws {
        try withTemporaryFolder { folder in
            func succeeding(_ arguments: [String]) throws -> String {
                let outcome = try BuiltProgram.run(arguments, in: folder)
                try #require(outcome.status == 0, "\(arguments): \(outcome.complaint)")
                return outcome.output
            }
            try writeSlopes(count: 30, to: folder.appending(path: "slopes.idx"))
            // More than one piece.
            let fit = fit.dropLast() + ["--fits", "20"]
            for part in ["1/2", "2/2"] {
                _ = try succeeding(fit + ["--shard", part, "--out", "part-\(part.prefix(1))"])
            }
            #expect(try succeeding(["zoo", "info", "part-1"]).contains("unfinished: 1 pieces"))
            #expect(try succeeding(["zoo", "merge", "part-2", "part-1", "--out", "zoo"]) == "zoo: 600 networks\n")
            #expect(try succeeding(["zoo", "verify", "zoo"]) == "zoo: sound, 600 networks\n")
            let info = try succeeding(["zoo", "info", "zoo"])
            #expect(info.contains("siren 2-4-4-1: 600 networks of 37 parameters") && info.contains("image: 0 to 29"))
            let query = ["zoo", "query", "zoo", "--where", "image = 3 AND fit < 2", "--columns", "network, image, fit"]
            #expect(try succeeding(query) == "network  image  fit\n     60      3    0\n     61      3    1\n")
            #expect(try succeeding(query + ["--format", "csv"]) == "network,image,fit\n60,3,0\n61,3,1\n")
            let json = try JSONDecoder().decode(
                [[String: Int]].self, from: Data(try succeeding(query + ["--format", "json"]).utf8))
            #expect(json == [["network": 60, "image": 3, "fit": 0], ["network": 61, "image": 3, "fit": 1]])
            #expect(try succeeding(["zoo", "query", "zoo", "--histogram", "image"]).split(separator: "\n").count == 20)
            #expect(
                try succeeding(["zoo", "split", "zoo", "--by", "image", "--test", "0.2"])
                    == "zoo: 420 networks to train on, 60 to validate, 120 to test, by image\n")
            #expect(try succeeding(["zoo", "verify", "zoo"]) == "zoo: sound, 600 networks\n")

            let small = ["--depth", "1", "--channels", "4", "--matrix-channels", "3", "--steps", "10"]
            _ = try succeeding(["train", "edit", "zoo", "--out", "editor"] + small)
            let page = folder.appending(path: "editor/report.html")
            let written = try Data(contentsOf: page)
            #expect(String(decoding: written, as: UTF8.self).contains("--depth 1 --channels 4 --matrix-channels 3"))
            try FileManager.default.removeItem(at: page)
            #expect(try succeeding(["report", "editor"]) == "editor/report.html\n")
            #expect(try Data(contentsOf: page) == written)

            let study = ["train", "generalisation", "zoo", "--target", "psnr", "--out", "study"]
            #expect(try succeeding(study + small).contains("ensemble"))
            _ = try succeeding(["export", "zoo", "--networks", "0-3", "--out", "networks"])
            let files = (0..<4).map { "networks/network-0000\($0).safetensors" }
            let ranked = try succeeding(["rank", "study"] + files).split(separator: "\n").map(String.init)
            #expect(ranked.count == 4)
            let predictions = ranked.compactMap { Double($0.prefix { $0 != " " }) }
            #expect(predictions == predictions.sorted(by: >))
        }
    }

    @Test("a run that is aware of scales asks what follows the hidden layers where the file does not say it")
    func rankAwareOfScales() throws {
        try withTemporaryFolder { folder in
            try writeSlopes(count: 20, to: folder.appending(path: "slopes.idx"))
            for arguments in [
                fit + ["zoo"], ["export", "zoo", "--networks", "0-1", "--out", "networks"],
                [
                    "train", "generalisation", "zoo", "--target", "psnr", "--scale-aware", "--steps", "4", "--depth",
                    "1",
                    "--channels", "4", "--matrix-channels", "3", "--out", "study",
                ],
            ] {
                let outcome = try BuiltProgram.run(arguments, in: folder)
                try #require(outcome.status == 0, "\(arguments): \(outcome.complaint)")
            }
            func rank(_ arguments: String...) throws -> BuiltProgram.Outcome {
                try BuiltProgram.run(["rank", "study"] + arguments, in: folder)
            }
            let stated = "networks/network-00000.safetensors"
            let file = try SafetensorsFile(folder.appending(path: stated))
            let tensors = try file.entries.map { StoredTensor(name: $0.name, try #require(try file.tensor($0))) }
            try SafetensorsFile.write(tensors, metadata: [:], to: folder.appending(path: "bare.safetensors"))

            let told = try rank("bare.safetensors", "--activation", "sine")
            #expect(told.status == 0, "\(told.complaint)")
            #expect(try rank(stated).output == told.output.replacing("bare.safetensors", with: stated))
            let untold = try rank("bare.safetensors")
            #expect(untold.status == 65 && untold.complaint.contains("--activation"), "\(untold.complaint)")
            // What a file states holds, whatever is said of all.
            #expect(try rank(stated, "--activation", "relu").output == rank(stated).output)
            let wrong = try rank(stated, "--activation", "Sine")
            #expect(wrong.status == 64)
            #expect(
                wrong.complaint.contains("expected relu, tanh, sigmoid, gelu, leakyReLU, sine, got Sine"),
                "\(wrong.complaint)")
        }
    }

    @Test("a share without networks is no failure") func emptyShare() throws {
        try withTemporaryFolder { folder in
            try writeSlopes(count: 3, to: folder.appending(path: "slopes.idx"))
            let outcome = try BuiltProgram.run(fit + ["part", "--shard", "3/3"], in: folder)
            #expect(outcome.status == 0 && outcome.output == "part: no networks fall to this share\n")
        }
    }

    @Test("infinite numbers have bins of their own") func histogram() {
        let values =
            (0..<40).map { ZooValue.real(Double($0)) } + [.real(.infinity), .real(-.infinity), .real(.infinity)]
        let lines = Histogram(values).text.split(separator: "\n")
        #expect(lines.count == 22)
        #expect(lines[20].hasPrefix("inf") && lines[20].hasSuffix(" 2") && lines[21].hasPrefix("-inf"))
        let extreme = [-Double.greatestFiniteMagnitude, Double.greatestFiniteMagnitude]
        #expect(Histogram((values.prefix(20) + extreme.map(ZooValue.real))).text.split(separator: "\n").count == 20)
    }

    @Test("infinite numbers are texts in JSON") func json() throws {
        let table = ZooTable(columns: ["loss"], rows: [[.real(.infinity)], [.real(0.5)]])
        #expect(try table.json == "[\n{\"loss\":\"inf\"},\n{\"loss\":0.5}\n]")
    }

    @Test("what is wrong is said in one line") func complaints() throws {
        try withTemporaryFolder { folder in
            try writeSlopes(count: 3, to: folder.appending(path: "slopes.idx"))
            #expect(try BuiltProgram.run(fit + ["zoo"], in: folder).status == 0)
            try FileManager.default.copyItem(at: folder.appending(path: "zoo"), to: folder.appending(path: "damaged"))
            let shard = folder.appending(path: "damaged/shard-00000.safetensors")
            var data = try Data(contentsOf: shard)
            data[data.count - 9] ^= 1
            try data.write(to: shard)
            for (status, text, arguments) in [
                (
                    65, "nfn: accuracy > 1: no such column: accuracy",
                    ["zoo", "query", "zoo", "--where", "accuracy > 1"]
                ),
                (65, "expected one expression", ["zoo", "query", "zoo", "--where", "1); DROP TABLE network; --"]),
                (65, "known are", ["zoo", "split", "zoo", "--by", "colour"]),
                (65, "shard-00000.safetensors: the checksum is wrong", ["zoo", "verify", "damaged"]),
                (65, "the checksum is wrong", ["zoo", "merge", "damaged", "--out", "all"]),
                (
                    65, "expected a number called label",
                    ["train", "generalisation", "zoo", "--target", "label", "--out", "x"]
                ),
                (65, "does not hold a training run", ["report", "zoo"]),
                (65, "does not hold a finished study", ["rank", "zoo", "slopes.idx"]),
                (65, "no network meets the condition", ["zoo", "split", "zoo", "--test-where", "image = 7"]),
                (65, "nothing is left to train on", ["zoo", "split", "zoo", "--test-where", "image < 7"]),
                (74, "nowhere", ["zoo", "info", "nowhere"]),
                (64, "--shard", fit + ["part", "--shard", "3/2"]),
            ] as [(Int32, String, [String])] {
                let outcome = try BuiltProgram.run(arguments, in: folder)
                #expect(outcome.status == status, "\(arguments): \(outcome.complaint)")
                #expect(outcome.complaint.contains(text), "\(arguments): \(outcome.complaint)")
            }
        }
    }
}
