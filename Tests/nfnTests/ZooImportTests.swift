import Foundation
import TestSupport
import Testing

@Suite("nfn zoo import and export") struct ZooImportTests {
    @Test("a zoo goes to files and comes back") func roundTrip() throws {
        try withTemporaryFolder { folder in
            try writeSlopes(count: 5, to: folder.appending(path: "slopes.idx"))
            func run(_ arguments: String..., status: Int32 = 0) throws -> BuiltProgram.Outcome {
                let outcome = try BuiltProgram.run(arguments, in: folder)
                #expect(outcome.status == status, "\(arguments): \(outcome.complaint)")
                return outcome
            }
            _ = try run("fit", "slopes.idx", "--hidden", "4", "--steps", "5", "--out", "zoo")
            let exported = try run("zoo", "export", "zoo", "--where", "image > 0", "--limit", "3", "--out", "files")
            #expect(exported.output == "files: 3 networks\n")
            #expect(exported.complaint.contains("exporting 3/3"))
            let imported = try run("zoo", "import", "files", "--out", "again")
            #expect(imported.output == "again: 3 networks of 1 architecture\n")
            #expect(imported.complaint.hasPrefix("importing 0/3\n") && imported.complaint.contains("importing 3/3"))
            #expect(try run("zoo", "verify", "again").output == "again: sound, 3 networks\n")
            #expect(
                try run("zoo", "query", "again", "--columns", "image, psnr", "--format", "csv").output
                    == run(
                        "zoo", "query", "zoo", "--where", "image BETWEEN 1 AND 3", "--columns", "image, psnr",
                        "--format", "csv"
                    ).output)

            #expect(try run("zoo", "import", "missing", "--out", "new", status: 74).complaint.contains("missing"))
            #expect(try run("zoo", "import", "zoo", "--out", "new", status: 65).complaint.contains("zoo: expected"))
            #expect(
                try run("zoo", "import", "files", "--out", "files", status: 65).complaint.contains("files: expected"))
            #expect(
                try run("zoo", "import", "files", "--labels", "slopes.idx", "--out", "new", status: 65).complaint
                    .contains("slopes.idx: "))
            #expect(try run("zoo", "export", "zoo", "--where", "x y", "--out", "new", status: 65).output.isEmpty)
            #expect(try run("zoo", "export", "zoo", "--limit", "0", "--out", "new", status: 64).output.isEmpty)
        }
    }
}
