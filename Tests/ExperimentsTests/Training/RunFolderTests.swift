import Experiments
import Foundation
import NeuralFunctionals
import Synchronization
import TestSupport
import Testing
import Zoo

@Suite(.oneThread) struct RunFolderTests {
    private struct Stop: Error {}

    private func run(in folder: URL, steps: Int = 40, learningRate: Double = 4e-3) throws -> Run {
        let zoo = folder.appending(path: "zoo")
        if !FileManager.default.fileExists(atPath: zoo.path) { _ = try makeSmallZoo(in: zoo) }
        return Run(
            .classify(.functional, warp: 0), zoo: zoo.path, split: .init(validation: 0.2, test: 0.2),
            trunk: .init(depth: 2, channels: 4, matrixChannels: 3, frequencies: 2, dropout: 0.1),
            options: .init(
                steps: steps, batch: 5, learningRate: learningRate, warmUp: 3, averagedSteps: 6, validationInterval: 10)
        )
    }

    private func train(_ folder: RunFolder, stepped: (Double) throws -> Void = { _ in }) throws -> [TrainingRecord] {
        let task = try folder.run.classification(folder.run.population(), warp: 0)
        return try folder.train(task, stepped: stepped) { _ in }.records
    }

    @Test("a training that is interrupted and resumed ends like one that was not", arguments: [4, 13, 27, 39])
    func resumes(steps: Int) throws {
        try withTemporaryFolder { folder in
            let run = try run(in: folder)
            let whole = try RunFolder(run, in: folder.appending(path: "whole"), resuming: false)
            let undisturbed = try train(whole)
            let parts = folder.appending(path: "parts")
            #expect(throws: Stop.self) {
                try train(RunFolder(run, in: parts, resuming: false)) { if $0 * 40 >= Double(steps) { throw Stop() } }
            }
            let resumed = try train(RunFolder(run, in: parts, resuming: true))
            #expect(resumed.map(\.step) == undisturbed.map(\.step))
            #expect(resumed.map(\.loss) == undisturbed.map(\.loss))
            #expect(resumed.map(\.validation) == undisturbed.map(\.validation))
            #expect(try Data(contentsOf: whole.model) == Data(contentsOf: parts.appending(path: "model.safetensors")))
        }
    }

    @Test("what the checkpoint throws stops a step between its parts, and a validation; what was stored is resumed")
    func checkpoints() throws {
        try withTemporaryFolder { folder in
            let run = try run(in: folder)
            let whole = try RunFolder(run, in: folder.appending(path: "whole"), resuming: false)
            let calls = Mutex(0)
            let task = try run.classification(run.population(), warp: 0)
            let undisturbed = try whole.train(task, checkpoint: { calls.withLock { $0 += 1 } }, stepped: { _ in }) {
                _ in
            }
            // A step of five networks has two parts, and there are 40 steps and four validations.
            let all = calls.withLock { $0 }
            #expect(all >= 2 * 40 + 4)
            let parts = folder.appending(path: "parts")
            for (number, limit) in [1, 2, all / 3, all / 3, 1].enumerated() {
                calls.withLock { $0 = 0 }
                #expect(throws: Stop.self) {
                    try RunFolder(run, in: parts, resuming: number > 0).train(
                        task,
                        checkpoint: {
                            try calls.withLock {
                                $0 += 1
                                if $0 == limit { throw Stop() }
                            }
                        }, stepped: { _ in }
                    ) { _ in }
                }
                #expect(calls.withLock { $0 } == limit)
            }
            let resumed = try train(RunFolder(run, in: parts, resuming: true))
            #expect(resumed.map(\.loss) == undisturbed.records.map(\.loss))
            #expect(try Data(contentsOf: whole.model) == Data(contentsOf: parts.appending(path: "model.safetensors")))
        }
    }

    @Test("another seed ends with another model")
    func seedMatters() throws {
        try withTemporaryFolder { folder in
            var run = try run(in: folder)
            let first = try RunFolder(run, in: folder.appending(path: "first"), resuming: false)
            run.options.seed = 1
            let second = try RunFolder(run, in: folder.appending(path: "second"), resuming: false)
            #expect(try train(first).map(\.loss) != train(second).map(\.loss))
        }
    }

    @Test("a loss that is not finite stops with the step's number")
    func divergenceStops() throws {
        try withTemporaryFolder { folder in
            let run = try run(in: folder, learningRate: 1e30)
            let error = #expect(throws: TrainingError.self) {
                try train(RunFolder(run, in: folder.appending(path: "run"), resuming: false))
            }
            guard case .diverged(let step, let loss) = error else {
                Issue.record("expected a diverged training, got \(String(describing: error))")
                return
            }
            #expect(step > 0 && !loss.isFinite)
            #expect("\(TrainingError.diverged(step: step, loss: loss))".contains("step \(step)"))
        }
    }

    @Test("a folder that holds a run is not overwritten, nor resumed with other settings")
    func existingRunIsKept() throws {
        try withTemporaryFolder { folder in
            let (run, url) = (try run(in: folder), folder.appending(path: "run"))
            _ = try RunFolder(run, in: url, resuming: false)
            #expect(throws: TrainingError.folderExists(url.relativePath)) {
                try RunFolder(run, in: url, resuming: false)
            }
            #expect(
                throws: TrainingError.otherRun(url.relativePath, field: "options.steps", expected: "50", found: "40")
            ) {
                try RunFolder(self.run(in: folder, steps: 50), in: url, resuming: true)
            }
            #expect(throws: TrainingError.noRun(folder.relativePath)) { try RunFolder(contentsOf: folder) }
        }
    }
}
