import Foundation
import TestSupport
import Testing

@Suite("nfn fit, render and export")
struct FitTests {
    private let fit = ["fit", "slopes.idx", "--hidden", "4", "--steps", "30", "--out", "zoo"]

    @Test("pictures become a zoo, files of their own, and pictures again")
    func fitsExportsRenders() throws {
        try withTemporaryFolder { folder in
            try writeSlopes(count: 5, to: folder.appending(path: "slopes.idx"))
            let fitted = try BuiltProgram.run(fit + ["--range", "1-3", "--fits", "2"], in: folder)
            #expect(fitted.status == 0)
            #expect(fitted.output.hasPrefix("zoo: 6 networks of 17 parameters, PSNR median "))
            #expect(fitted.complaint.hasPrefix("fitting 0/6\n"))
            #expect(fitted.complaint.contains("fitting 6/6"))

            let exported = try BuiltProgram.run(["export", "zoo", "--networks", "4-5", "--out", "a/b"], in: folder)
            #expect(exported.status == 0)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "a/b").path).sorted()
                    == ["network-00004.safetensors", "network-00005.safetensors"])

            let files = ["a/b/network-00004.safetensors", "a/b/network-00005.safetensors"]
            for (arguments, width, height) in [
                (["zoo", "--networks", "0"], 5, 6), (["zoo"], 23, 18), ([files[0], "--size", "12"], 12, 12),
                (files + ["zoo", "--networks", "0", "--size", "4x3", "--scale", "2"], 18, 22),
            ] {
                let drawn = try BuiltProgram.run(["render"] + arguments + ["--out", "sheet.png"], in: folder)
                #expect(drawn.status == 0 && drawn.complaint.isEmpty)
                let size = try #require(try sizeOfPNG(folder.appending(path: "sheet.png")))
                #expect(size == (width, height))
            }
        }
    }

    @Test("an interrupted fit says so in one line, and continues to the same bytes")
    func interruption() throws {
        try withTemporaryFolder { folder in
            try writeSlopes(count: 40, to: folder.appending(path: "slopes.idx"))
            let slow = Array(fit.dropLast()) + ["zoo", "--steps", "1000000"]
            let interrupted = try BuiltProgram(slow, in: folder).interrupt()
            #expect(interrupted.status == 1)
            #expect(
                interrupted.complaint == """
                    fitting 0/40
                    nfn: interrupted; give the same command again to continue, with --resume where it has that option

                    """)
            #expect(try contents(of: folder.appending(path: "zoo")).keys.sorted() == ["catalog.sqlite"])

            let other = Array(fit.dropLast())
            try FileManager.default.createDirectory(
                at: folder.appending(path: "begun"), withIntermediateDirectories: false)
            #expect(try BuiltProgram.run(other + ["whole"], in: folder).status == 0)
            // A catalog without its shard, and a shard without its catalog, as a killed process may leave them.
            for (file, name) in [
                ("catalog.sqlite", "catalog.sqlite"), ("shard-00000.safetensors", "shard-00009.safetensors"),
            ] {
                try FileManager.default.copyItem(
                    at: folder.appending(path: "whole/\(file)"), to: folder.appending(path: "begun/\(name)"))
            }
            #expect(try BuiltProgram.run(other + ["begun"], in: folder).status == 0)
            #expect(
                try contents(of: folder.appending(path: "begun")) == contents(of: folder.appending(path: "whole")))
        }
    }

    @Test("wrong usage ends with 64, bad data with 65, files with 74, each in one line that names what is wrong")
    func exitStatuses() throws {
        try withTemporaryFolder { folder in
            try writeSlopes(count: 3, to: folder.appending(path: "slopes.idx"))
            try Data("no pictures".utf8).write(to: folder.appending(path: "notes.txt"))
            #expect(try BuiltProgram.run(fit, in: folder).status == 0)
            let cases: [(Int32, String, [String])] = [
                (65, "notes.txt", ["fit", "notes.txt", "--out", "new"]),
                (65, "recipe.steps is 30 there, not 31", fit + ["--steps", "31"]),
                (65, "range", fit + ["--range", "2-3"]),
                (65, "notes.txt", ["render", "notes.txt", "--out", "a.png"]),
                (65, "expected a network", ["render", "zoo/shard-00000.safetensors", "--out", "a.png"]),
                (65, "expected an empty folder or a zoo, found notes.txt", fit.dropLast() + ["."]),
                (74, "missing.idx", ["fit", "missing.idx", "--out", "new"]),
                (74, "notes.txt", fit.dropLast() + ["notes.txt/zoo"]),
                (74, "nowhere/a.png", ["render", "zoo", "--out", "nowhere/a.png"]),
                (74, "missing", ["export", "missing", "--networks", "0", "--out", "new"]),
                (64, "has networks 0-2", ["export", "zoo", "--networks", "2-3", "--out", "new"]),
            ]
            for (status, text, arguments) in cases {
                let outcome = try BuiltProgram.run(arguments, in: folder)
                #expect(outcome.status == status, "\(arguments)")
                #expect(outcome.complaint.hasPrefix("nfn: ") && outcome.complaint.contains(text))
                #expect(outcome.complaint.split(separator: "\n").count == 1)
                #expect(outcome.output.isEmpty)
            }
            for options in [
                ["--steps", "0"], ["--hidden", "8,,8"], ["--omega", "-1"], ["--range", "5-3"], ["--fits", "many"],
                ["--learning-rate", "nan"], ["--recipe", "secret"], ["--colour"],
            ] {
                let outcome = try BuiltProgram.run(fit + options, in: folder)
                #expect(outcome.status == 64, "\(options)")
                #expect(outcome.complaint.contains(options[0]))
            }
        }
    }
}
