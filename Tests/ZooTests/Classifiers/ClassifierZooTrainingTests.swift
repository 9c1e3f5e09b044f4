import Foundation
import TestSupport
import Testing
import Torch

@testable import Zoo

@Suite("Zoos of classifiers", .oneThread) struct ClassifierZooTrainingTests {
    private func train(_ head: ClassifierHead, in folder: URL, share: WorkShare = .all) throws {
        let cnn = ClassifierArchitecture(
            imageShape: [1, 8, 8], convolutions: [.init(channels: 3, kernel: 3, stride: 2)], head: head, dense: [2])
        var distribution = ClassifierDistribution(
            architectures: .listed(architectures: [cnn], activations: [.relu, .tanh]), batches: [16],
            cohort: 2, epochs: 2,
            recordedEpochs: [0, 1, 2], seed: 1)
        distribution.learningRate = 1e-2...1e-1
        let images = darkAndBright(count: 40, side: 8)
        try ClassifierZooTraining(distribution, runs: 5, on: images, testing: images, in: folder, pieceSize: 1)
            .run(share: share)
    }

    @Test(
        "every checkpoint is kept with its hyper-parameters and accuracies, which its weights give again",
        arguments: ClassifierHead.allCases)
    func keepsCheckpoints(head: ClassifierHead) throws {
        try withTemporaryFolder { folder in
            try train(head, in: folder)
            let zoo = try Zoo(contentsOf: folder)
            #expect(zoo.count == 15)
            #expect(try zoo.networks(where: "head = '\(head.rawValue)'").count == 15)
            #expect(try zoo.values(of: "run").compactMap(\.integer).sorted() == (0..<5).flatMap { [$0, $0, $0] })
            #expect(try ZooVerification.problems(in: folder).isEmpty)
            let images = try ClassifierImages(darkAndBright(count: 40, side: 8))
            let (pictures, labels) = images.batch(at: 0..<40)
            let accuracies = try zoo.values(of: "test_accuracy").compactMap(\.number)
            for network in 0..<zoo.count {
                let architecture = try #require(
                    zoo.architecture(of: network).definition(as: ClassifierArchitecture.self))
                let parameters = zip(zoo.parameters(at: [network]), architecture.parameterShapes).map {
                    $0.reshaped($1)
                }
                let logits = architecture.logits(parameters: parameters, images: pictures)
                #expect(architecture.head == head)
                #expect(abs((logits.argmax(1) .== labels).to(.float32).mean.item - accuracies[network]) < 1e-6)
            }
            #expect(
                try zoo.networks(where: "activation = 'relu'").count == 3
                    * Set(
                        try zoo.select(["run"], where: "activation = 'relu'").rows.map { $0[0] }
                    ).count)
        }
    }

    @Test(
        "the same seed gives the same bytes, in one process or several, on one thread or three",
        arguments: ClassifierHead.allCases)
    func sameBytes(head: ClassifierHead) throws {
        defer { Runtime.threadCount = 1 }
        try withTemporaryFolder { parent in
            let (whole, merged) = (parent.appending(path: "whole"), parent.appending(path: "merged"))
            try train(head, in: whole)
            Runtime.threadCount = 3
            let parts = (0..<2).map { parent.appending(path: "\($0)") }
            for (number, part) in parts.enumerated() { try train(head, in: part, share: .init(number: number, of: 2)) }
            try ZooMerging(parts.reversed()).run(in: merged)
            #expect(try contents(of: merged) == contents(of: whole))
        }
    }
}
