import Foundation
import TestSupport
import Testing

@testable import Zoo

@Suite("Settings of classifiers that make no sense") struct DamagedDistributionTests {
    /// Settings with a new value at a path, read as those of a catalog are.
    private func read(
        _ distribution: ClassifierDistribution, replacing path: String, by value: Any
    ) throws -> ClassifierPlan? {
        let images = darkAndBright(count: 4, side: 8)
        let plan = ClassifierPlan(
            distribution: distribution, runs: 5, images: .init(images), testImages: .init(images), pieceSize: 8)
        let damaged = try TestSupport.replacing(path, by: value, in: JSONEncoder().encode(plan))
        return try ZooOrigin(kind: ClassifierPlan.kind, settings: String(decoding: damaged, as: UTF8.self), pieces: 1)
            .settings(as: ClassifierPlan.self, file: "zoo")
    }

    private func expectRefusal(
        _ distribution: ClassifierDistribution, _ path: String, _ value: Any, _ text: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(sourceLocation: sourceLocation) {
            try read(distribution, replacing: path, by: value)
        } throws: { error in
            let message = "\(error)"
            return error is ZooError && message.contains("zoo: ") && message.contains(text) && !message.contains("\n")
        }
    }

    @Test("a list with nothing to draw from is named")
    func emptyLists() throws {
        let lists = ["optimizers", "initializers", "trainingFractions", "batches"]
        for name in lists + ["architectures.listed.architectures", "architectures.listed.activations"] {
            let last = name.split(separator: ".").last ?? ""
            expectRefusal(
                .smallCNN(), "distribution.\(name)", [Any](),
                "hyper-parameter \(last): expected something to draw from, found an empty list")
        }
        for name in ["channels", "kernels", "activations"] {
            expectRefusal(
                .wildPark(), "distribution.architectures.wildPark.ranges.\(name)", [Any](),
                "hyper-parameter \(name): expected something to draw from, found an empty list")
        }
    }

    @Test("a number that makes no sense is named")
    func numbers() throws {
        let huge = Int.max
        for (name, value, text) in [
            ("learningRate", [0, 0.1], "learningRate: expected positive, finite bounds"),
            ("l2", [-1, 0.1], "l2: expected positive, finite bounds"),
            ("initializationDeviation", [0.5, 0.1], "lowerBound"), ("dropout", [0, 1], "dropout: expected bounds in"),
            ("trainingFractions", [0.5, 1.5], "trainingFractions: expected numbers above 0, up to 1"),
            ("batches", [32, 0], "batches: expected positive numbers"),
            ("cohort", 0, "cohort: expected a number in 1...1000000, found 0"),
            ("cohort", huge, "cohort: expected a number in 1...1000000"),
            ("epochs", -1, "epochs: expected a number in 0...1000000, found -1"),
            ("recordedEpochs", [0, 11], "recordedEpochs: expected numbers in 0...10, found [0, 11]"),
        ] as [(String, Any, String)] {
            expectRefusal(.smallCNN(), "distribution.\(name)", value, text)
        }
        for (name, value, text) in [
            ("imageShape", [1, 32], "imageShape: expected three numbers"),
            ("imageShape", [1, 32, huge], "imageShape: expected three numbers"),
            ("classes", 0, "classes: expected a number in"), ("depth", [0, 8], "depth: expected bounds in"),
            ("channels", [4, -4], "channels: expected numbers in"),
            ("kernels", [3, 4], "kernels: expected odd numbers"),
            ("largestMultiplicationCount", 10, "largestMultiplicationCount: expected as many products"),
        ] as [(String, Any, String)] {
            expectRefusal(.wildPark(), "distribution.architectures.wildPark.ranges.\(name)", value, text)
        }
        expectRefusal(.smallCNN(), "pieceSize", 0, "pieceSize: expected a number in 1...1000000, found 0")
        expectRefusal(.smallCNN(), "runs", -1, "runs: expected a number in 0...100000000, found -1")
    }

    @Test("sound settings read back", arguments: [ClassifierDistribution.smallCNN(), .wildPark(), .mlp()])
    func sound(distribution: ClassifierDistribution) throws {
        let plan = try #require(try read(distribution, replacing: "runs", by: 7))
        #expect(plan.distribution == distribution && plan.runs == 7)
    }

    @Test("nothing is trained from a distribution that makes no sense")
    func training() throws {
        let images = try ClassifierImages(darkAndBright(count: 4, side: 8))
        var distribution = ClassifierDistribution.smallCNN()
        distribution.optimizers = []
        #expect(
            throws: ClassifierError.hyperparameter(
                "optimizers", expected: "something to draw from", found: "an empty list")
        ) {
            try CohortTraining(distribution, on: images, testing: images)
        }
    }
}
