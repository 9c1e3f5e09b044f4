import Foundation
import NeuralFunctionals
import Synchronization
import TestSupport
import Testing
import Torch
import WeightSpaces
import Zoo

@testable import Experiments

@Suite(.oneThread) struct GeneralisationStudyTests {
    private struct Stop: Error {}

    private func study(
        in folder: URL, stoppingAfter steps: Int? = nil
    ) throws -> (study: GeneralisationStudy, population: WeightPopulation) {
        let sample = try SamplePopulation(count: 160)
        let population = try sample.population(targets: sample.squashed)
        let options = TrainingOptions(steps: 60, batch: 16, learningRate: 4e-3, warmUp: 5, validationInterval: 20)
        let plan = GeneralisationStudy.Plan(
            trunk: .init(depth: 2, channels: 8, matrixChannels: 4, frequencies: 0), functional: options,
            perceptrons: options, augmentation: .init(noise: 0.1))
        let subject = GeneralisationResult.Subject(
            networks: "random perceptrons", target: "squashed norm", recipe: "Drawn at random.", command: "make norms")
        let taken = Mutex(0)
        let study = try GeneralisationStudy(
            of: population, subject, plan: plan, in: folder,
            checkpoint: { if let steps, taken.withLock({ $0 >= steps }) { throw Stop() } },
            observer: { _, _, _ in taken.withLock { $0 += 1 } })
        return (study, population)
    }

    @Test("networks whose activations pass on no factor are not read in canonical form without a word")
    func noScalings() throws {
        let population = try SamplePopulation(count: 160).population(targets: Array(repeating: 0.5, count: 160))
        let subject = GeneralisationResult.Subject(networks: "", target: "", recipe: "", command: "")
        #expect(throws: TrainingError.noScalings) {
            try GeneralisationStudy(
                of: population, subject, plan: .init(isScaleAware: true), in: URL(filePath: "unused"))
        }
    }

    @Test("a study trains every method, and leaves a result, a page and the functional behind")
    func wholeStudy() throws {
        try withTemporaryFolder { folder in
            let (study, population) = try study(in: folder)
            let result = try study.run()
            let names = [
                "ensemble", "functional alone", "perceptron on spectra", "linear on statistics",
                "perceptron on statistics", "perceptron on weights",
            ]
            #expect(result.methods.map(\.name) == names)
            #expect(result.methods.map(\.isBaseline) == [false, false, false, true, true, true])
            // The norm is the sum of variances and squared means, so statistics tell all of it.
            #expect(try #require(result.methods[3].agreement.tau) > 0.8)
            let steps = [20, 40, 60]
            #expect(result.methods.map { $0.records.map(\.step) } == [steps, [], steps, [], steps, steps])
            let data = try Data(contentsOf: folder.appending(path: "result.json"))
            #expect(try JSONDecoder().decode(GeneralisationResult.self, from: data) == result)
            let page = try String(contentsOf: folder.appending(path: "report.html"), encoding: .utf8)
            #expect(page == result.html())
            #expect(page.contains("Loss on training networks: ensemble in colour, perceptron on spectra dotted"))
            let functional = try FunctionalWithStatistics<InvariantFunctional>(
                contentsOf: folder.appending(path: "functional.safetensors"))
            #expect(
                population.predictions(of: functional, networks: population.split.test)
                    == result.methods[0].predictions)
            #expect(
                population.predictions(of: functional.base, networks: population.split.test)
                    == result.methods[1].predictions)
        }
    }

    /// What a study found, apart from how long it took.
    private struct Findings: Equatable {
        let functional: Data
        let predictions: [[Double]]
        let records: [[[Double]]]

        init(_ result: GeneralisationResult, in folder: URL) throws {
            functional = try Data(contentsOf: folder.appending(path: GeneralisationStudy.modelFileName))
            predictions = result.methods.map(\.predictions)
            records = result.methods.map { $0.records.map { [Double($0.step), $0.loss, $0.validation] } }
        }
    }

    @Test("a study that is interrupted and resumed ends like one that was not", arguments: [7, 45, 75, 130, 180, 240])
    func resumes(steps: Int) throws {
        try withTemporaryFolder { parent in
            let (whole, parts) = (parent.appending(path: "whole"), parent.appending(path: "parts"))
            let expected = try Findings(try study(in: whole).study.run(), in: whole)
            #expect(throws: Stop.self) { try study(in: parts, stoppingAfter: steps).study.run() }
            let begun = try Folder.contents(of: parts)
            #expect(begun.contains { $0.hasSuffix(".state.safetensors") } == (steps > 20))
            // Only the steps since the last validation, of which there is one in twenty, are taken again.
            let left = 240 - (steps - 1) / 20 * 20
            let resumed = try study(in: parts, stoppingAfter: left + 1).study.run()
            #expect(try Findings(resumed, in: parts) == expected)
            #expect(try Folder.contents(of: parts) == ["functional.safetensors", "report.html", "result.json"])
            // Nothing is left to do, so that not a single step is taken.
            #expect(try study(in: parts, stoppingAfter: 1).study.run() == resumed)
        }
    }

    @Test("a folder that holds a run is not overwritten, nor resumed with other settings")
    func existingRunIsKept() throws {
        try withTemporaryFolder { parent in
            let folder = parent.appending(path: "run")
            var run = GeneralisationRun(zoo: "zoo", target: "psnr", fingerprint: "1", plan: .init())
            try run.begin(in: folder, resuming: true)
            try run.begin(in: folder, resuming: true)
            #expect(throws: TrainingError.folderExists(folder.relativePath)) {
                try run.begin(in: folder, resuming: false)
            }
            run.plan.functional.steps = 7
            #expect(
                throws: TrainingError.otherRun(
                    folder.relativePath, field: "plan.functional.steps", expected: "7", found: "3000")
            ) {
                try run.begin(in: folder, resuming: true)
            }
            #expect(throws: TrainingError.folderExists(parent.relativePath)) {
                try run.begin(in: parent, resuming: true)
            }
        }
    }
}
