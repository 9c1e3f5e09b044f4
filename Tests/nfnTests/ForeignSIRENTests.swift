import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces
import Zoo

@Suite("nfn with SIRENs of others") struct ForeignSIRENTests {
    /// PyTorch files of `f(row, column)` in [−1, 1], and a table that says a class of most of them.
    private func write(_ count: Int, to folder: URL) throws {
        var random = RandomSource(seed: 1)
        let names = ["net.0.linear", "net.1.linear", "net.2"]
        let siren = SIREN(widths: [2, 5, 4, 1], layerNames: names)
        try Folder.create(folder)
        var table = "file,kind\r\n"
        for network in 0..<count {
            let parameters = siren.parameterShapes.map { Tensor.uniform(-0.3...0.3, shape: $0, using: &random) }
            let inr = INR(siren: siren, grid: PixelGrid(height: 6, width: 6), parameters: parameters)
            try inr.write(to: folder.appending(path: "n\(network).pth"), as: .pyTorch)
            table += "n\(network),\(network % 7 == 0 ? "NA" : network % 2 == 0 ? "even" : "odd")\r\n"
        }
        try Data(table.utf8).write(to: folder.appending(path: "../labels.csv").standardized)
    }

    @Test("they are imported, drawn, classified, edited and exported, and bad files are passed over") func tour() throws
    {
        try withTemporaryFolder { folder in
            func run(_ arguments: String..., status: Int32 = 0) throws -> BuiltProgram.Outcome {
                let outcome = try BuiltProgram.run(arguments, in: folder)
                #expect(outcome.status == status, "\(arguments): \(outcome.complaint)")
                return outcome
            }
            try write(40, to: folder.appending(path: "nets"))
            try Data("no archive".utf8).write(to: folder.appending(path: "nets/bad.pth"))
            let siren = ["--siren", "nfn", "--size", "6"]
            func importing(_ more: [String], status: Int32 = 0) throws -> BuiltProgram.Outcome {
                let outcome = try BuiltProgram.run(
                    ["zoo", "import", "nets", "--labels", "labels.csv"] + siren + more, in: folder)
                #expect(outcome.status == status, "\(outcome.complaint)")
                return outcome
            }
            #expect(try importing(["--out", "zoo"], status: 65).complaint.contains("nets/bad.pth: "))
            let imported = try importing(["--skip-unreadable", "--out", "zoo"])
            #expect(imported.output == "zoo: 40 networks of 1 architecture; passed over 1 file that cannot be read\n")
            #expect(imported.complaint.contains("passed over: nets/bad.pth"))

            _ = try run("render", "zoo", "--out", "zoo.png")
            _ = try run("render", "nets/n3.pth", "--siren", "nfn", "--size", "6", "--out", "n3.png")
            #expect(
                try run("render", "nets/n3.pth", "--out", "x.png", status: 65).complaint.contains("--siren describes"))
            #expect(
                try run("render", "nets/n3.pth", "--siren", "omega=30", "--out", "x.png", status: 65).complaint
                    .contains("give it as --size"))
            #expect(
                try run("render", "nets/n3.pth", "--siren", "omega=x", "--out", "x.png", status: 64).complaint
                    .contains("found omega=x"))

            let small = ["--steps", "4", "--validation-interval", "2", "--depth", "1", "--channels", "4"]
            let training = try BuiltProgram.run(
                [
                    "train", "classify", "zoo", "--target", "kind", "--test", "0.3", "--validation", "0.2", "--out",
                    "run",
                ]
                    + small, in: folder)
            #expect(training.status == 0 && training.output.hasPrefix("left out 6 networks without kind\n"))
            let taken = try run("predict", "run", "nets/n3.pth").output
            #expect(taken.contains("nets/n3.pth: class even") || taken.contains("nets/n3.pth: class odd"))
            #expect(try run("evaluate", "run", "zoo").output.hasPrefix("34 networks, accuracy"))
            #expect(try run("report", "run").output == "run/report.html\n")
            let page = try String(contentsOf: folder.appending(path: "run/report.html"), encoding: .utf8)
            #expect(page.contains("even") && page.contains("--target kind"))

            let editing = try BuiltProgram.run(["train", "edit", "zoo", "--out", "editor"] + small, in: folder)
            #expect(editing.status == 0 && editing.output.hasPrefix("the zoo has no originals"))
            _ = try run("edit", "editor", "nets/n3.pth", "--out", "edited.pth")
            let (before, after) = (
                try PyTorchFile(folder.appending(path: "nets/n3.pth")),
                try PyTorchFile(folder.appending(path: "edited.pth"))
            )
            #expect(before.entries == after.entries)
            let entry = try #require(before["net.2.bias"])
            #expect(try before.withBytes(of: entry) { [UInt8]($0) } != after.withBytes(of: entry) { [UInt8]($0) })

            #expect(try run("export", "zoo", "--networks", "0-1", "--out", "two").output == "two: 2 networks\n")
            #expect(
                try Folder.contents(of: folder.appending(path: "two")) == ["network-00000.pth", "network-00001.pth"])
            _ = try run("zoo", "export", "zoo", "--out", "files")
            #expect(
                try Data(contentsOf: folder.appending(path: "files/n3.pth")).count
                    == Data(contentsOf: folder.appending(path: "nets/n3.pth")).count)
            _ = try run("zoo", "import", "files", "--out", "again")
            _ = try run("render", "again", "--out", "again.png")
            #expect(
                try Data(contentsOf: folder.appending(path: "again.png"))
                    == Data(contentsOf: folder.appending(path: "zoo.png")))
            #expect(
                try run("zoo", "import", "files", "--size", "0", "--out", "x", status: 64).complaint.contains("--size"))
        }
    }
}
