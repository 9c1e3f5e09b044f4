import Foundation
import NeuralFunctionals
import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Experiments

@Suite(.oneThread) struct TrainingCostTests {
    private func cost(
        of space: WeightSpace, count: Int, channels: Int = 8, batch: Int = 16, averaged: Int? = nil, copies: Int = 1
    ) -> (TrainingCost, InvariantFunctional.Configuration) {
        let trunk = Run.TrunkOptions(depth: 2, channels: channels, matrixChannels: 4).configuration(over: space)
        let model = InvariantFunctional.Configuration(trunk: trunk, outputs: 1)
        let options = TrainingOptions(batch: batch, averagedSteps: averaged)
        return (
            TrainingCost(InvariantFunctional.self, model, of: [(space, count)], options: options, copies: copies), model
        )
    }

    @Test("parameters are counted as the functional has them, without making it")
    func parameters() throws {
        let space = try WeightSpace.mlp(widths: [2, 5, 4, 1])
        let (cost, configuration) = cost(of: space, count: 100)
        var random = RandomSource(seed: 0)
        #expect(cost.parameters == InvariantFunctional(configuration, using: &random).parameterCount)
        // The functional and the best one, both moments, and the gradients with those that wait for their turn.
        #expect(cost.functional == 4 * 6 * cost.parameters)
        #expect(self.cost(of: space, count: 100, averaged: 3).0.functional == 4 * 7 * cost.parameters)
        #expect(cost.networks == 100 * 4 * space.parameterCount)
        #expect(self.cost(of: space, count: 100, copies: 3).0.networks == 3 * cost.networks)
        #expect(cost.batch == 16 && self.cost(of: space, count: 3).0.batch == 3)
    }

    @Test("every kind of functional counts what features of a network take", arguments: [4, 40])
    func features(channels: Int) throws {
        let space = try WeightSpace.mlp(widths: [20, 50, 40, 10])
        let least = 4 * channels * space.parameterCount
        let trunk = Run.TrunkOptions(depth: 2, channels: channels, matrixChannels: channels).configuration(over: space)
        let mixed = MixedFunctional.Configuration(
            spaces: [space], depth: 2, channels: channels, matrixChannels: channels, outputs: 1)
        // At the least one feature is kept, but at most thirty of them.
        for bytes in [
            InvariantFunctional.Configuration(trunk: trunk, outputs: 1).bytesPerNetwork(of: space),
            EquivariantFunctional.Configuration(trunk: trunk).bytesPerNetwork(of: space),
        ] { #expect((least..<30 * least).contains(bytes)) }
        let numbers = 2 * (50 * 40 + 2 * 50 + 2 * 40)
        #expect(mixed.bytesPerNetwork(of: space) > 4 * numbers * channels)
        #expect(
            FlatPerceptron.Configuration(space: space, outputs: 1).bytesPerNetwork(of: space) > 4
                * (space.parameterCount))
    }

    @Test("more memory than there is is refused, one byte more as well as sizes that cannot be counted")
    func requires() throws {
        let space = try WeightSpace.mlp(widths: [2, 5, 4, 1])
        let (cost, _) = cost(of: space, count: 100)
        try cost.require(within: cost.bytes)
        #expect(throws: TrainingError.tooLarge(cost, memory: cost.bytes - 1)) {
            try cost.require(within: cost.bytes - 1)
        }
        let huge = self.cost(of: space, count: .max / 2).0
        #expect(huge.bytes == .max)
        let message = "\(TrainingError.tooLarge(huge, memory: 24_000_000_000))"
        #expect(
            message.contains("there are 24.0 GB") && message.contains("\(Numeral.count(huge.parameters)) parameters"))
        #expect(!message.contains("\n"))
    }

    @Test("the perceptron on all weights is left out where it would have more than a hundred million parameters")
    func perceptrons() throws {
        for (width, isThere) in [(10, true), (1_000, true), (100_000, false), (2_000_000_000, false)] {
            let model = GeneralisationStudy.perceptron(over: try .mlp(widths: [1, width, 1]))
            #expect((model != nil) == isThere, "\(width)")
        }
    }

    @Test("sizes are rounded up, in megabytes or gigabytes")
    func sizes() {
        let sizes = [0, 1, 1_000_000, 1_000_001, 1_540_000_000, 250_000_000_000].map(TrainingCost.size)
        #expect(sizes == ["0 MB", "1 MB", "1 MB", "2 MB", "1.5 GB", "250 GB"])
    }

    @Test("the machine's memory is at most what a limit of the process leaves")
    func machine() async {
        #expect((1...Int(ProcessInfo.processInfo.physicalMemory)).contains(MachineMemory.bytes))
        await #expect(processExitsWith: .success) {
            var limits = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limits)
            limits.rlim_cur = 900_000_000
            setrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limits)
            precondition(MachineMemory.bytes == 900_000_000)
        }
    }
}
