import Foundation
import TestSupport
import Testing

@Suite("What a training costs") struct TrainingCostCommandTests {
    private let fit = ["fit", "slopes.idx", "--hidden", "4,4", "--steps", "10", "--minimum-psnr", "0", "--out", "zoo"]
    private let small = ["--steps", "2", "--depth", "1", "--channels", "4", "--matrix-channels", "3", "--out"]

    @Test("every training says at its start how many parameters the functional has, and how much memory it takes")
    func says() throws {
        try withTemporaryFolder { folder in
            try writeSlopes(count: 30, to: folder.appending(path: "slopes.idx"))
            #expect(try BuiltProgram.run(fit, in: folder).status == 0)
            for command in [["train", "edit", "zoo"], ["train", "generalisation", "zoo", "--target", "psnr"]] {
                let outcome = try BuiltProgram.run(command + small + [command[1]], in: folder)
                #expect(outcome.status == 0, "\(outcome.complaint)")
                let first = outcome.complaint.prefix { $0 != "\n" }
                #expect(first.wholeMatch(of: /the functional has [\d,]+ parameters, about \d+ MB of memory: .*/) != nil)
            }
        }
    }

    @Test("what exceeds the machine is refused with its sizes and the way out, and leaves nothing behind")
    func refuses() throws {
        try withTemporaryFolder { folder in
            try writeSlopes(count: 30, to: folder.appending(path: "slopes.idx"))
            #expect(try BuiltProgram.run(fit, in: folder).status == 0)
            for command in [["train", "edit", "zoo"], ["train", "generalisation", "zoo", "--target", "psnr"]] {
                let large = command + ["--channels", "16384", "--matrix-channels", "16384", "--depth", "64"]
                let refused = try BuiltProgram.run(large + ["--out", "run"], in: folder)
                #expect(refused.status == 65, "\(refused.complaint)")
                let lines = refused.complaint.split(separator: "\n")
                #expect(lines.count == 1 && lines[0].hasPrefix("nfn: the functional would have "), "\(lines)")
                for text in ["parameters", "GB of memory", "there are", "--channels", "--batch"] {
                    #expect(refused.complaint.contains(text), "\(text)")
                }
                #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "run").path))
                for (option, value) in [
                    ("--channels", "16385"), ("--matrix-channels", "9223372036854775807"), ("--depth", "65"),
                ] {
                    let wrong = try BuiltProgram.run(command + [option, value, "--out", "run"], in: folder)
                    #expect(wrong.status == 64 && wrong.complaint.contains(option), "\(wrong.complaint)")
                }
            }
        }
    }
}
