import Foundation
import NeuralFunctionals
import TestSupport
import Testing
import Torch
import WeightSpaces
import Zoo

@testable import Experiments

@Suite("Classes of any networks", .oneThread) struct ClassificationTests {
    private struct Settings: ZooSettings {
        static let kind = "sample"
    }

    /// Perceptrons whose weights have another mean in each of two classes.
    private func zoo(in folder: URL, widths: [Int] = [5], label: (Int) -> ZooValue) throws -> Zoo {
        var random = RandomSource(seed: 1)
        let writer = try ZooWriter([ZooOrigin(Settings(), pieces: 1)], in: folder)
        let stacks = try widths.map { width in
            let architecture = try NetworkArchitecture(
                ClassifierArchitecture.mlp(widths: [3, width, 2], activation: .relu))
            var facts = ZooTable(columns: ["run", "kind"])
            for network in 0..<60 { facts.append([.integer(100 * width + network), label(network)]) }
            let means = Tensor((0..<60).map { $0 % 2 == 0 ? 1.0 : 3.0 } as [Double]).to(.float32)
            return ZooPiece.Stack(
                architecture,
                parameters: architecture.parameters.map { parameter in
                    Tensor.normal(shape: [60] + parameter.shape, using: &random)
                        + means.reshaped([60] + parameter.shape.map { _ in 1 })
                }, facts: facts)
        }
        try writer.add(ZooPiece(stacks), number: 0)
        try writer.finish()
        return try Zoo(contentsOf: folder)
    }

    private func run(_ zoo: Zoo, _ reader: Run.Reader = .functional) throws -> Run {
        var run = Run(
            .classify(reader, warp: 0), zoo: zoo.folder.path, split: .init(validation: 0.2, test: 0.25),
            trunk: .init(depth: 2, channels: 8, matrixChannels: 4, frequencies: 0),
            options: .init(steps: 150, batch: 16, learningRate: 5e-3, warmUp: 10, validationInterval: 50))
        run.target = "kind"
        run.classes = try ClassLabels("kind", of: zoo).names
        return run
    }

    /// Trains in a folder, and measures on the test networks.
    private struct Training: ClassificationUse {
        let folder: RunFolder

        func callAsFunction<Model: PopulationLearner>(
            _ task: Classification<Model>, of zoo: Zoo
        ) throws -> (accuracy: Double, networks: Int, classes: [String], page: String) {
            let model = try folder.train(task, stepped: { _ in }, validated: { _ in }).model
            let page = try RunReport(task, model, of: zoo, in: folder).html()
            let split = task.split
            return (
                task.measure(model, networks: split.test),
                split.train.count + split.validation.count + split.test.count,
                task.classNames, page
            )
        }
    }

    /// How many networks of another zoo a trained model is measured on.
    private struct Reading: ClassificationUse {
        let folder: RunFolder

        func callAsFunction<Model: PopulationLearner>(_ task: Classification<Model>, of zoo: Zoo) throws -> Int {
            let model = try Model(contentsOf: folder.model)
            #expect(task.obstacle(to: model) == nil && task.split.train.isEmpty)
            return task.judgements(of: model, networks: task.split.test).count
        }
    }

    @Test(
        "texts and whole numbers are learned without pictures, of one architecture or several, and files told apart by name",
        arguments: [[5], [5, 7]])
    func learns(widths: [Int]) throws {
        try withTemporaryFolder { folder in
            let zoo = try zoo(in: folder.appending(path: "zoo"), widths: widths) {
                $0 % 5 == 0 ? .none : .text($0 % 2 == 0 ? "small" : "big")
            }
            let run = try run(zoo)
            let runFolder = try RunFolder(run, in: folder.appending(path: "run"), resuming: false)
            let result = try run.classification(Training(folder: runFolder))
            #expect(result.classes == ["big", "small"] && result.networks == 48 * widths.count)
            #expect(result.accuracy > 0.85)
            #expect(result.page.contains("big") && !result.page.contains("<img"))
            let few = try self.zoo(in: folder.appending(path: "few"), widths: widths) {
                $0 < 2 ? .text($0 % 2 == 0 ? "small" : "big") : .none
            }
            #expect(try run.classification(of: few.folder.path, Reading(folder: runFolder)) == 2 * widths.count)
            try ZooExporting(zoo, where: "network IN (2, 3)").run(in: folder.appending(path: "files"))
            let classifier = try NetworkClassifier(of: RunFolder(contentsOf: folder.appending(path: "run")))
            for (file, name) in [("network-00002", "small"), ("network-00003", "big")] {
                let checkpoint = try Checkpoints.open(folder.appending(path: "files/\(file).safetensors"))
                let judgement = try classifier.judgement(of: checkpoint)
                #expect(judgement.name == name && (0.5...1).contains(judgement.probability))
            }
        }
    }

    @Test("the flat reader reads them too, but not several architectures; what draws nothing is not warped")
    func flat() throws {
        try withTemporaryFolder { folder in
            let one = try zoo(in: folder.appending(path: "one")) { .integer($0 % 2 + 3) }
            let run = try run(one, .flat)
            let result = try run.classification(
                Training(folder: RunFolder(run, in: folder.appending(path: "run"), resuming: false)))
            #expect(result.classes == ["3", "4"] && result.networks == 60)
            let two = try zoo(in: folder.appending(path: "two"), widths: [5, 7]) { .integer($0 % 2) }
            let other = try self.run(two, .flat)
            #expect(throws: TrainingError.severalArchitectures(zoo: two.folder.path)) {
                try other.classification(
                    Training(folder: RunFolder(other, in: folder.appending(path: "x"), resuming: false)))
            }
            var warped = try self.run(one)
            warped.kind = .classify(.functional, warp: 0.1)
            #expect(throws: TrainingError.noPictures(zoo: one.folder.path)) {
                try warped.classification(
                    Training(folder: RunFolder(warped, in: folder.appending(path: "y"), resuming: false)))
            }
        }
    }

    @Test("what tells no classes apart is refused, and a class that a run does not know") func refusals() throws {
        func message(known: [String]? = nil, fact: String = "kind", _ label: @escaping (Int) -> ZooValue) throws
            -> String
        {
            try withTemporaryFolder { folder in
                let zoo = try zoo(in: folder.appending(path: "zoo"), label: label)
                do { return "\(try ClassLabels(fact, of: zoo, among: known).names)" } catch { return "\(error)" }
            }
        }
        #expect(try message { .real(Double($0 % 3)) } == #"["0", "1", "2"]"#)
        #expect(try message { $0 % 2 == 0 ? .integer(10) : .text("x") } == #"["10", "x"]"#)
        #expect(try message { .integer($0 % 2 == 0 ? 10 : 9) } == #"["9", "10"]"#)
        #expect(try message { .real(Double($0) + 0.5) }.contains("found the number 0.5; nfn train generalisation"))
        #expect(try message { _ in .none }.contains("no network has a fact kind that says its class"))
        #expect(try message(fact: "label") { .integer($0) }.contains("no network has a fact label"))
        #expect(
            try message(known: ["a"]) { _ in .text("b") }.contains("kind is b of some network; the run tells apart a"))
    }

    @Test("a run that names no classes has those of numbers from zero, whichever occur") func numbered() throws {
        try withTemporaryFolder { folder in
            let zoo = try zoo(in: folder.appending(path: "zoo")) { .integer($0 % 2 == 0 ? 3 : 1) }
            var run = try run(zoo)
            run.classes = nil
            let labels = try run.labels(of: zoo)
            #expect(labels.names == ["0", "1", "2", "3"] && labels.classes.prefix(2) == [3, 1])
            run.classes = ["1", "3"]
            #expect(try run.labels(of: zoo).classes.prefix(2) == [1, 0])
        }
    }

    @Test("a stored split holds; where it says nothing of validation, a part of the training networks serves")
    func storedSplit() throws {
        let description = Split.Description(validation: 0.25, test: 0.5)
        let groups = [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
        let sides = groups.map { ZooValue.text($0 == 4 ? "test" : "train") }
        let split = try description.split(groups: groups, stored: sides)
        #expect(split.test == [8, 9] && split.validation.count == 2 && split.train.count == 6)
        #expect(!split.divides(groups))
        let whole = try description.split(groups: groups, stored: sides.map { _ in .none })
        #expect(whole.test.count == 4 || whole.test.count == 6)
        let stored = try description.split(
            groups: groups,
            stored: ["train", "train", "validation", "validation"].map { .text($0) }
                + sides.dropFirst(4).map { _ in .text("test") })
        #expect(stored == Split(train: [0, 1], validation: [2, 3], test: Array(4..<10)))
    }
}
