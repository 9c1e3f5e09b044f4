import Foundation
import Testing
import Torch

@testable import Zoo

@Suite struct ClassifierDistributionTests {
    private let presets: [ClassifierDistribution] = [.smallCNN(seed: 3), .wildPark(seed: 3), .mlp(seed: 3)]
    private let flattened: [ClassifierDistribution] = [
        .smallCNN(head: .flatten, seed: 3), .wildPark(head: .flatten, seed: 3),
    ]

    @Test("what a run draws depends on the seed and its number alone")
    func reproducible() {
        for distribution in presets {
            let forward = (0..<20).map(distribution.draw(run:))
            let backward = (0..<20).reversed().map(distribution.draw(run:))
            #expect(forward == backward.reversed())
            #expect(Set(forward).count == 20)
            var reseeded = distribution
            reseeded.seed = 4
            #expect((0..<20).allSatisfy { reseeded.draw(run: $0) != forward[$0] })
        }
    }

    @Test("draws stay within their ranges, and every choice occurs")
    func ranges() throws {
        for distribution in presets {
            let draws = (0..<400).map(distribution.draw(run:))
            for draw in draws {
                try draw.validate()
                #expect(distribution.initializationDeviation.contains(draw.initializationDeviation))
                #expect(distribution.l2.contains(draw.l2))
                #expect(distribution.learningRate.contains(draw.learningRate))
                #expect(distribution.dropout.contains(draw.dropout))
                #expect(draw.epochs == distribution.epochs && draw.seed < 1 << 32)
            }
            #expect(Set(draws.map(\.optimizer)) == Set(distribution.optimizers))
            #expect(Set(draws.map(\.initializer)) == Set(distribution.initializers))
            #expect(Set(draws.map(\.trainingFraction)) == Set(distribution.trainingFractions))
            #expect(Set(draws.map(\.batch)) == Set(distribution.batches))
            #expect(Set(draws.map(\.seed)).count == 400)
            #expect(Set(draws.map(\.imageSeed)).count == 400 / distribution.cohort)
            #expect(distribution.recordedEpochs.first == 0 && distribution.recordedEpochs.last == distribution.epochs)
            #expect(distribution.recordedEpochs.count >= 3)
        }
    }

    @Test("ranges of log scale are uniform in the logarithm")
    func logScale() {
        let distribution = ClassifierDistribution.smallCNN()
        let draws = (0..<2_000).map(distribution.draw(run:))
        func below(_ middle: Double, _ value: KeyPath<ClassifierHyperparameters, Double>) -> Int {
            draws.count { $0[keyPath: value] < middle }
        }
        func middle(_ range: ClosedRange<Double>) -> Double { (range.lowerBound * range.upperBound).squareRoot() }
        // Half of 2,000, give or take five standard deviations.
        #expect(abs(below(middle(distribution.learningRate), \.learningRate) - 1_000) < 112)
        #expect(abs(below(middle(distribution.l2), \.l2) - 1_000) < 112)
        #expect(abs(below(middle(distribution.initializationDeviation), \.initializationDeviation) - 1_000) < 112)
        let dropout = (distribution.dropout.lowerBound + distribution.dropout.upperBound) / 2
        #expect(abs(below(dropout, \.dropout) - 1_000) < 112)
    }

    @Test("runs of a cohort share architecture, images and batch, and nothing else")
    func cohorts() throws {
        let distribution = ClassifierDistribution.smallCNN()
        #expect(distribution.cohort > 1)
        let cohorts = (0..<50).map { distribution.runs(ofCohort: $0).map(distribution.draw(run:)) }
        for cohort in cohorts {
            #expect(cohort.count == distribution.cohort)
            _ = try ClassifierTraining(cohort, recordedEpochs: distribution.recordedEpochs)
            #expect(Set(cohort.map(\.seed)).count == cohort.count && Set(cohort.map(\.l2)).count == cohort.count)
        }
        #expect(cohorts.contains { Set($0.map(\.optimizer)).count > 1 })
        #expect(distribution.runs(ofCohort: 3) == 3 * distribution.cohort..<4 * distribution.cohort)
    }

    @Test("the small CNNs differ in their nonlinearity alone, the perceptrons in depth too")
    func listed() {
        let small = Set((0..<100).map { presets[0].draw(run: $0).architecture })
        #expect(small == [.smallCNN(activation: .relu), .smallCNN(activation: .tanh)])
        let perceptrons = Set((0..<100).map { presets[2].draw(run: $0).architecture })
        #expect(perceptrons.count == 4 && Set(perceptrons.map(\.dense.count)) == [3, 5])
    }

    @Test("the wild park has every depth, kernel, width and nonlinearity, with and without skips")
    func wildPark() throws {
        let park = WildPark()
        let architectures = (0..<600).map { presets[1].draw(run: $0).architecture }
        for architecture in architectures {
            #expect(architecture.multiplicationCount <= park.largestMultiplicationCount)
            _ = try architecture.weightSpace
        }
        let convolutions = architectures.flatMap(\.convolutions)
        #expect(Set(architectures.map(\.convolutions.count)) == Set(park.depth))
        #expect(Set(architectures.map(\.activation)) == Set(park.activations))
        #expect(Set(convolutions.map(\.kernel)) == Set(park.kernels))
        #expect(Set(convolutions.map(\.channels)) == Set(park.channels))
        #expect(Set(convolutions.map(\.hasSkip)) == [false, true] && Set(convolutions.map(\.stride)) == [1, 2])
    }

    @Test("another head changes nothing else that a run draws, but what a wild network may cost")
    func heads() throws {
        for run in 0..<50 {
            let (pooled, flattened) = (presets[0].draw(run: run), flattened[0].draw(run: run))
            #expect(flattened.architecture.head == .flatten && pooled.architecture.head == .pool)
            var same = flattened
            same.architecture = pooled.architecture
            #expect(same == pooled && flattened.activation == pooled.activation)
        }
        let wild = (0..<100).map { flattened[1].draw(run: $0).architecture }
        for architecture in wild {
            #expect(architecture.head == .flatten && architecture.multiplicationCount <= 300_000)
            _ = try architecture.weightSpace
        }
        #expect(Set(wild.map(\.flattenedPositions)).count > 2)
    }

    @Test("a description that pools is the one from before there was a choice")
    func pooledDescription() throws {
        for distribution in presets {
            #expect(!String(decoding: try JSONEncoder().encode(distribution), as: UTF8.self).contains("head"))
        }
    }

    @Test("a distribution and a draw read back")
    func codes() throws {
        for distribution in presets + flattened {
            let data = try JSONEncoder().encode(distribution)
            #expect(try JSONDecoder().decode(ClassifierDistribution.self, from: data) == distribution)
            let draw = distribution.draw(run: 7)
            let text = try JSONEncoder().encode(draw)
            #expect(try JSONDecoder().decode(ClassifierHyperparameters.self, from: text) == draw)
        }
    }
}
