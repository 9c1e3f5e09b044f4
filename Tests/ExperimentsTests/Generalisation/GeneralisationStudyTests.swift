import Foundation
import NeuralFunctionals
import TestSupport
import Testing
import Torch
import Zoo

@testable import Experiments

@Suite(.oneThread) struct GeneralisationStudyTests {
    @Test("a study trains every method, and leaves a result, a page and the functional behind")
    func wholeStudy() throws {
        let sample = try SamplePopulation(count: 160)
        let population = try sample.population(targets: sample.squashed)
        let options = TrainingOptions(steps: 60, batch: 16, learningRate: 4e-3, warmUp: 5, validationInterval: 20)
        let plan = GeneralisationStudy.Plan(
            trunk: .init(depth: 2, channels: 8, matrixChannels: 4, frequencies: 0), functional: options,
            perceptrons: options)
        let subject = GeneralisationResult.Subject(
            networks: "random perceptrons", target: "squashed norm", recipe: "Drawn at random.", command: "make norms")
        try withTemporaryFolder { folder in
            let result = try GeneralisationStudy(of: population, subject, plan: plan, in: folder).run()
            let names = ["functional", "linear on statistics", "perceptron on statistics", "perceptron on weights"]
            #expect(result.methods.map(\.name) == names)
            #expect(result.methods.map(\.isBaseline) == [false, true, true, true])
            // The norm is the sum of variances and squared means, so statistics tell all of it.
            #expect(try #require(result.methods[1].agreement.tau) > 0.8)
            #expect(result.methods.map { $0.records.map(\.step) } == [[20, 40, 60], [], [20, 40, 60], [20, 40, 60]])
            let data = try Data(contentsOf: folder.appending(path: "result.json"))
            #expect(try JSONDecoder().decode(GeneralisationResult.self, from: data) == result)
            let page = try String(contentsOf: folder.appending(path: "report.html"), encoding: .utf8)
            #expect(page == result.html())
            let functional = try InvariantFunctional(contentsOf: folder.appending(path: "functional.safetensors"))
            let task = GeneralisationTask<InvariantFunctional>(population, model: functional.configuration)
            #expect(
                task.predictions(of: functional, networks: population.split.test) == result.methods[0].predictions)
        }
    }
}
