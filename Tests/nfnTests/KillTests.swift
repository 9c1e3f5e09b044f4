import Experiments
import Foundation
import TestSupport
import Testing

/// What `kill -9` leaves behind must be continued by the same command to what an undisturbed run ends with.
@Suite("kill -9", .serialized) struct KillTests {
    private let killing = Killing(trials: 20)
    private let fit = [
        "fit", "slopes.idx", "--fits", "6", "--hidden", "6,6", "--steps", "60", "--minimum-psnr", "0", "--out",
    ]
    private let train = [
        "train", "edit", "zoo", "--steps", "60", "--validation-interval", "6", "--depth", "2", "--channels", "192",
        "--matrix-channels", "16", "--out",
    ]

    @Test("a killed fit continues to the same bytes")
    func fits() throws {
        try withTemporaryFolder { folder in
            try writeSlopes(count: 200, to: folder.appending(path: "slopes.idx"))
            var whole = try killing.duration(fit + ["whole"], in: folder)
            let expected = try contents(of: folder.appending(path: "whole"))
            try #require(expected.count == 5)
            var killed = 0
            for trial in 0..<killing.trials {
                let arguments = fit + ["zoo-\(trial)"]
                if try killing.kill(arguments, in: folder, trial, of: &whole) { killed += 1 }
                #expect(try BuiltProgram.run(arguments, in: folder).status == 0)
                #expect(try contents(of: folder.appending(path: "zoo-\(trial)")) == expected, "trial \(trial)")
            }
            #expect(killed >= killing.trials / 2)
        }
    }

    @Test("a killed training resumes to the same model and the same records")
    func trains() throws {
        try withTemporaryFolder { folder in
            var (whole, expected) = try undisturbedTraining(in: folder)
            var killed = 0
            for trial in 0..<killing.trials {
                let arguments = train + ["run-\(trial)"]
                if try killing.kill(arguments, in: folder, trial, of: &whole) { killed += 1 }
                try expectResumes(arguments, in: folder, to: expected)
            }
            #expect(killed >= killing.trials / 2)
        }
    }

    @Test("a training that is killed while it writes a file resumes to the same model and the same records")
    func writesCheckpoints() throws {
        try withTemporaryFolder { folder in
            var (whole, expected) = try undisturbedTraining(in: folder)
            var killed = 0
            for trial in 0..<killing.trials {
                let arguments = train + ["run-\(trial)"]
                let run = folder.appending(path: "run-\(trial)")
                let isKilled = try killing.kill(arguments, in: folder, trial, of: &whole) {
                    let names = try? FileManager.default.contentsOfDirectory(atPath: run.path)
                    return names?.contains { $0.hasSuffix(".partial") } ?? false
                }
                if isKilled { killed += 1 }
                try expectResumes(arguments, in: folder, to: expected)
            }
            #expect(killed >= killing.trials / 2)
        }
    }

    private struct Ending: Equatable {
        let model: Data
        let steps: [Int]
        let losses: [Double]
        let validations: [Double]

        init(of run: URL) throws {
            model = try Data(contentsOf: run.appending(path: "model.safetensors"))
            let lines = try Data(contentsOf: run.appending(path: "metrics.jsonl")).split(separator: 10)
            let records = try lines.map { try JSONDecoder().decode(TrainingRecord.self, from: $0) }
            steps = records.map(\.step)
            losses = records.map(\.loss)
            validations = records.map(\.validation)
        }
    }

    private func undisturbedTraining(in folder: URL) throws -> (Duration, Ending) {
        try writeSlopes(count: 40, to: folder.appending(path: "slopes.idx"))
        _ = try killing.duration(fit + ["zoo"], in: folder)
        let whole = try killing.duration(train + ["whole"], in: folder)
        let ending = try Ending(of: folder.appending(path: "whole"))
        try #require(ending.steps == Array(stride(from: 6, through: 60, by: 6)))
        return (whole, ending)
    }

    private func expectResumes(_ arguments: [String], in folder: URL, to expected: Ending) throws {
        let outcome = try BuiltProgram.run(arguments + ["--resume"], in: folder)
        #expect(outcome.status == 0, "\(outcome.complaint)")
        let run = folder.appending(path: arguments.last ?? "")
        #expect(try Ending(of: run) == expected)
        let names = try FileManager.default.contentsOfDirectory(atPath: run.path)
        #expect(!names.contains { $0.hasSuffix(".partial") })
    }

    @Test("a killed study of generalisation resumes to the same functional and the same predictions")
    func studies() throws {
        try withTemporaryFolder { folder in
            try writeSlopes(count: 40, to: folder.appending(path: "slopes.idx"))
            _ = try killing.duration(fit + ["zoo"], in: folder)
            let study = [
                "train", "generalisation", "zoo", "--target", "psnr", "--steps", "60", "--depth", "2", "--channels",
                "16", "--matrix-channels", "4", "--out",
            ]
            let killing = Killing(trials: 10)
            var whole = try killing.duration(study + ["whole"], in: folder)
            let expected = try Study(in: folder, "whole")
            var killed = 0
            for trial in 0..<killing.trials {
                let arguments = study + ["run-\(trial)"]
                if try killing.kill(arguments, in: folder, trial, of: &whole) { killed += 1 }
                let outcome = try BuiltProgram.run(arguments + ["--resume"], in: folder)
                #expect(outcome.status == 0, "\(outcome.complaint)")
                #expect(try Study(in: folder, "run-\(trial)") == expected, "trial \(trial)")
            }
            #expect(killed >= killing.trials / 2)
        }
    }

    /// What a study's folder holds, apart from times and its own name.
    private struct Study: Equatable {
        let files: [String]
        let functional: Data
        let command: String
        let predictions: [[Double]]
        let losses: [[Double]]

        init(in folder: URL, _ name: String) throws {
            let run = folder.appending(path: name)
            let result = try GeneralisationResult(of: run)
            files = try FileManager.default.contentsOfDirectory(atPath: run.path).sorted()
            functional = try Data(contentsOf: run.appending(path: "functional.safetensors"))
            command = result.subject.command.replacingOccurrences(of: name, with: "")
            predictions = result.methods.map(\.predictions)
            losses = result.methods.map { $0.records.map(\.loss) }
        }
    }
}
