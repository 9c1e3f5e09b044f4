import Foundation
import TestSupport
import Testing

@testable import nfn

/// Ctrl-C ends a training within a second wherever it is, and what it leaves is resumed.
@Suite("Ctrl-C", .serialized) struct InterruptionTests {
    private let fit = [
        "fit", "slopes.idx", "--fits", "6", "--hidden", "6,6", "--steps", "20", "--minimum-psnr", "0", "--out", "zoo",
    ]
    /// One step reads all networks, eight at a time.
    private let slow = [
        "--batch", "1000", "--depth", "8", "--channels", "128", "--matrix-channels", "64", "--out",
    ]
    private let notice = """
        nfn: interrupted; give the same command again to continue, with --resume where it has that option

        """

    private func makeZoo(in folder: URL) throws {
        try writeSlopes(count: 200, to: folder.appending(path: "slopes.idx"))
        let outcome = try BuiltProgram.run(fit, in: folder)
        try #require(outcome.status == 0, "\(outcome.complaint)")
    }

    @Test("a step that takes long is ended between its parts")
    func longSteps() throws {
        try withTemporaryFolder { folder in
            try makeZoo(in: folder)
            for command in [["train", "edit", "zoo"], ["train", "generalisation", "zoo", "--target", "psnr"]] {
                let start = ContinuousClock.now
                let whole = try BuiltProgram.run(command + slow + ["whole", "--steps", "1"], in: folder)
                try #require(whole.status == 0, "\(whole.complaint)")
                let duration = ContinuousClock.now - start
                // Beside other tests everything takes longer, a step too.
                try #require(duration > .seconds(4), "expected a step of some seconds, took \(duration)")
                let program = try BuiltProgram(command + slow + ["run", "--steps", "1000"], in: folder)
                program.wait(duration / 2)
                let moment = ContinuousClock.now
                let outcome = program.interrupt()
                let delay = ContinuousClock.now - moment
                #expect(outcome.status == 1 && outcome.complaint.hasSuffix(notice), "\(outcome.complaint)")
                #expect(delay < max(.seconds(1.5), duration / 4), "\(command): \(delay) of \(duration)")
                try FileManager.default.removeItem(at: folder.appending(path: "run"))
                try FileManager.default.removeItem(at: folder.appending(path: "whole"))
            }
        }
    }

    @Test("an interrupted training resumes to the same model")
    func resumes() throws {
        try withTemporaryFolder { folder in
            try makeZoo(in: folder)
            let train = [
                "train", "edit", "zoo", "--steps", "30", "--validation-interval", "3", "--depth", "2", "--batch", "64",
                "--channels", "32", "--out",
            ]
            let start = ContinuousClock.now
            #expect(try BuiltProgram.run(train + ["whole"], in: folder).status == 0)
            let duration = ContinuousClock.now - start
            let expected = try Data(contentsOf: folder.appending(path: "whole/model.safetensors"))
            var interrupted = 0
            for trial in 1...4 {
                let run = "run-\(trial)"
                let program = try BuiltProgram(train + [run], in: folder)
                program.wait(duration * trial / 5)
                if program.interrupt().status == 1 { interrupted += 1 }
                let resumed = try BuiltProgram.run(train + [run, "--resume"], in: folder)
                #expect(resumed.status == 0, "\(resumed.complaint)")
                #expect(try Data(contentsOf: folder.appending(path: "\(run)/model.safetensors")) == expected)
            }
            #expect(interrupted >= 2)
        }
    }

    @Test("a second signal ends the program at once, with a message of its own")
    func secondSignal() throws {
        try withTemporaryFolder { folder in
            try makeZoo(in: folder)
            let program = try BuiltProgram(["train", "edit", "zoo"] + slow + ["run", "--steps", "1000"], in: folder)
            let beginning = program.beginning()
            // While it is stopped signals wait, and then arrive together.
            for signal in [SIGSTOP, SIGINT, SIGTERM, SIGCONT] { program.send(signal) }
            let outcome = program.finish(after: beginning)
            #expect(outcome.status == 1)
            #expect(outcome.complaint.hasSuffix("nfn: \(Self.again)\n"), "\(outcome.complaint)")
        }
    }

    private static let again = "interrupted again, and ended at once; --resume goes on from what was stored"

    @Test("work that looks out for no signal is ended within a second")
    func deafWork() async throws {
        let start = ContinuousClock.now
        let result = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
            Interruption.watch()
            kill(getpid(), SIGINT)
            while true { usleep(1_000) }
        }
        let complaint = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(complaint.contains("nfn: interrupted; give the same command again"))
        #expect(ContinuousClock.now - start < .seconds(20))
    }
}
