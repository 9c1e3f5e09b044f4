import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import NeuralFunctionals

@Suite(.oneThread) struct MixedFunctionalTests {
    /// Chains of other depths, widths and kernels, and one with two skips over the same channels.
    static let samples: [SampleSpace] = {
        do {
            return try [
                SampleSpace("one hidden layer", .mlp(widths: [4, 5, 3])),
                SampleSpace("three hidden layers", .mlp(widths: [4, 6, 5, 7, 3])),
                SampleSpace("CNN", .cnn(channels: [1, 3, 4], kernels: [[3, 3], [3, 3]], dense: [3])),
                SampleSpace(
                    "deeper CNN with other kernels",
                    .cnn(channels: [1, 4, 5, 6], kernels: [[3, 3], [5, 5], [3, 3]], dense: [3])),
                SampleSpace("skips", skips(channels: 4)),
                SampleSpace("many inputs", .mlp(widths: [300, 5, 3])),
            ]
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    /// Four convolutions, of which the second and third add their input to their output.
    static func skips(channels: Int) throws -> WeightSpace {
        let stream = Axis.permuted(0)
        func layer(_ number: Int, _ output: Axis, _ input: Axis, _ shape: [Int]) -> [Block] {
            [
                Block(
                    parameter: "\(number).weight", shape: shape,
                    axes: [output, input] + shape.dropFirst(2).map(Axis.fixed)),
                Block(parameter: "\(number).bias", shape: [shape[0]], axes: [output]),
            ]
        }
        return try WeightSpace(
            groups: [PermutationGroup("stream", size: channels), PermutationGroup("last", size: 5)],
            blocks: layer(0, stream, .fixed(1), [channels, 1, 3, 3])
                + layer(1, stream, stream, [channels, channels, 3, 3])
                + layer(2, stream, stream, [channels, channels, 3, 3])
                + layer(3, .permuted(1), stream, [5, channels, 5, 5]) + layer(4, .fixed(3), .permuted(1), [3, 5]))
    }

    private static func model(
        depth: Int = 3, spaces: [WeightSpace] = samples.map(\.space), bottleneck: MixingMatrix.Bottleneck? = nil
    ) -> MixedFunctional {
        var random = RandomSource(seed: 1)
        let configuration = MixedFunctional.Configuration(
            spaces: spaces, depth: depth, channels: 6, matrixChannels: 4, headWidths: [8], bottleneck: bottleneck,
            outputs: 2)
        var model = MixedFunctional(configuration, using: &random)
        model.fitNormalization(
            to: spaces.map { space in
                (SampleSpace("", space).feature(channels: 1, using: &random).map { $0.to(.float32) }, space)
            })
        return model
    }

    @Test("invariant in every architecture: f(g · U) = f(U)", arguments: samples, [1, 3])
    func isInvariant(sample: SampleSpace, depth: Int) {
        var random = RandomSource(seed: 2)
        let model = Self.model(depth: depth).to(.float64)
        for _ in 0..<5 {
            let networks = sample.feature(channels: 1, using: &random)
            let element = GroupElement.random(of: sample.space.groups, movingOrdered: false, using: &random)
            expectClose(
                model(element.acting(on: networks), of: sample.space), model(networks, of: sample.space),
                relativeError: 1e-10)
        }
    }

    @Test("an uncoupled permutation changes the prediction", arguments: samples)
    func noticesUncoupledPermutation(sample: SampleSpace) {
        var random = RandomSource(seed: 3)
        let model = Self.model().to(.float64)
        let networks = sample.feature(channels: 1, using: &random)
        let moved = model(sample.withUncoupledPermutation(networks), of: sample.space)
        #expect(relativeError(moved, model(networks, of: sample.space)) > 1e-3)
    }

    @Test("parameters are those of the roles, however many layers and neurons there are")
    func sharesParameters() throws {
        let shallow = Self.model(spaces: [try WeightSpace.mlp(widths: [4, 5, 6, 3])])
        let deep = try Self.model(
            spaces: [[4, 5, 6, 3], [4, 9, 8, 7, 6, 3]].map { try WeightSpace.mlp(widths: $0) })
        #expect(shallow.parameterCount == deep.parameterCount)
        #expect(shallow.parameters.map(\.name) == deep.parameters.map(\.name))
    }

    @Test("networks of other depths and widths are read; other roles are named")
    func readsOthers() throws {
        let configuration = Self.model().configuration
        #expect(try configuration.unknownRoles(of: .mlp(widths: [4, 20, 30, 20, 30, 20, 3])).isEmpty)
        #expect(try configuration.unknownRoles(of: Self.skips(channels: 11)).isEmpty)
        #expect(
            try configuration.unknownRoles(of: .mlp(widths: [5, 20, 3]))
                == ["*.weight (#0, 5)"])
        let convolutions = try WeightSpace.cnn(channels: [1, 3, 4], kernels: [[3, 3], [7, 7]], dense: [3])
        #expect(configuration.unknownRoles(of: convolutions) == ["*.weight (#0, #1, 7, 7)"])
    }

    @Test("a role of another width is another role, as when channels in a file are not those of its tables")
    func otherWidths() throws {
        let configuration = Self.model().configuration
        let channels = try replacing(
            "channels", by: configuration.channels + 1, in: JSONEncoder().encode(configuration))
        let other = try JSONDecoder().decode(MixedFunctional.Configuration.self, from: channels)
        let space = try WeightSpace.mlp(widths: [4, 20, 3])
        #expect(configuration.unknownRoles(of: space).isEmpty)
        #expect(other.unknownRoles(of: space).contains("*.bias (#0)"))
    }

    @Test("gradients of a layer are central differences", arguments: [samples[1], samples[4]])
    func gradientsMatch(sample: SampleSpace) {
        var random = RandomSource(seed: 5)
        let (input, hidden, _) = ArchitecturePlan.spaces(
            of: sample.space, channels: 3, matrixChannels: 2, joinsPositions: true)
        let basis = EquivariantBasis(from: input, to: hidden)
        let vocabulary = RoleVocabulary([basis])
        let linear = RoleLinear(vocabulary, using: &random).to(.float64)
        let places = RolePlaces(of: basis, in: vocabulary)
        let networks = Feature(sample.feature(channels: 1, using: &random).blocks, over: input)
        expectGradientsMatchCentralDifferences(
            of: { tensors in
                var linear = linear
                linear.setParameters(tensors)
                let output = linear.layer(from: input, to: hidden, at: places)(networks)
                return output.blocks.map { $0.squared.sum }.reduce(Tensor([0.0]).sum, +)
            }, at: linear.parameters.map(\.value))
    }

    @Test("settings that no functional can have are refused")
    func invalidSettings() throws {
        let configuration = Self.model().configuration
        let file = StoredNumbers(
            tensors: Self.model().state.count, elements: Self.model().state.reduce(0) { $0 + $1.value.count })
        #expect(throws: Never.self) { try configuration.check(against: file) }
        let entry: [String: Any] = ["name": "a", "pattern": "a", "width": 1]
        func table(_ sources: Int, _ targets: Int, reads: [[Int]], width: Int = 1) -> [Any] {
            let wide = entry.merging(["width": width]) { $1 }
            return [
                [
                    "sources": [Any](repeating: entry, count: sources),
                    "targets": [Any](repeating: wide, count: targets),
                    "reads": reads,
                ]
            ]
        }
        for (path, value) in [
            ("depth", 0), ("depth", Int.max), ("channels", 0), ("matrixChannels", Int.max), ("outputs", -1),
            ("headWidths", [Int.max]), ("headDropout", 1), ("weights.tables", []), ("features.tables", []),
            ("features.tables", table(0, 1, reads: [[]])), ("features.tables", table(1, 0, reads: [])),
            ("features.tables", table(1, 1, reads: [[1]])), ("features.tables", table(1, 1, reads: [])),
            ("features.tables", table(1, 1, reads: [[0]], width: Int.max)),
            ("joined", [["pattern": "a", "positions": 0, "channels": 1]]),
            ("joined", [["pattern": "a", "positions": 1, "channels": Int.max]]),
            ("features.tables", table(100, 100, reads: [[Int]](repeating: [0], count: 100), width: 1 << 16)),
        ] as [(String, Any)] {
            let changed = try JSONDecoder().decode(
                MixedFunctional.Configuration.self,
                from: replacing(path, by: value, in: JSONEncoder().encode(configuration)))
            let setting = path.split(separator: ".").last.map(String.init) ?? ""
            #expect(throws: InvalidSetting(setting), "\(path) = \(value)") { try changed.check(against: file) }
        }
    }

    @Test("through a bottleneck: invariant, stored, and no pair of roles has parameters of its own", arguments: samples)
    func bottleneck(sample: SampleSpace) throws {
        var random = RandomSource(seed: 8)
        let stored = Self.model(bottleneck: .init(rank: 3, views: 4))
        #expect(stored.parameterCount < Self.model().parameterCount / 3)
        #expect(MixedFunctional.parameterCount(of: stored.configuration) == stored.parameterCount)
        let networks = sample.feature(channels: 1, using: &random)
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "mixed.safetensors")
            try stored.write(to: file)
            let (model, read) = (stored.to(.float64), try MixedFunctional(contentsOf: file).to(.float64))
            let prediction = model(networks, of: sample.space)
            expectClose(read(networks, of: sample.space), prediction, relativeError: 0)
            let element = GroupElement.random(of: sample.space.groups, movingOrdered: false, using: &random)
            expectClose(model(element.acting(on: networks), of: sample.space), prediction, relativeError: 1e-10)
            let moved = model(sample.withUncoupledPermutation(networks), of: sample.space)
            #expect(relativeError(moved, prediction) > 1e-3)
        }
    }

    @Test("many positions cost equally much each, and are told apart")
    func joinsPositions() throws {
        func count(_ inputs: Int) throws -> Int {
            let space = try WeightSpace.mlp(widths: [inputs, 5, 3])
            let configuration = Self.model(spaces: [space]).configuration
            let count = MixedFunctional.parameterCount(of: configuration)
            #expect(count == Self.model(spaces: [space]).parameterCount)
            return count
        }
        #expect(try count(1000) - count(300) == 700 * 6)
        var random = RandomSource(seed: 7)
        let (model, sample) = (Self.model().to(.float64), Self.samples[5])
        let networks = sample.feature(channels: 1, using: &random)
        var blocks = networks.blocks
        blocks[0] = blocks[0].gathered(2, at: (0..<300).reversed())
        let reversed = Feature(blocks, over: networks.space)
        #expect(relativeError(model(reversed, of: sample.space), model(networks, of: sample.space)) > 1e-3)
    }

    @Test("a configuration from before positions were joined joins none")
    func oldConfiguration() throws {
        let configuration = Self.model().configuration
        var object = try #require(
            JSONSerialization.jsonObject(with: JSONEncoder().encode(configuration)) as? [String: Any])
        (object["joined"], object["bottleneck"]) = (nil, nil)
        let old = try JSONDecoder().decode(
            MixedFunctional.Configuration.self, from: JSONSerialization.data(withJSONObject: object))
        #expect(old.unknownRoles(of: Self.samples[0].space).isEmpty)
        #expect(old.spaces(of: Self.samples[5].space).input.blocks[0].fixedCount == 300)
        #expect(configuration.spaces(of: Self.samples[5].space).input.blocks[0].fixedCount == 1)
    }

    @Test("a stored functional predicts the same")
    func isStored() throws {
        var random = RandomSource(seed: 6)
        let (model, sample) = (Self.model(), Self.samples[3])
        let networks = sample.feature(channels: 1, using: &random).map { $0.to(.float32) }
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "mixed.safetensors")
            try model.write(to: file)
            let stored = try MixedFunctional(contentsOf: file)
            #expect(stored.configuration == model.configuration)
            expectClose(
                stored(networks, of: sample.space), model(networks, of: sample.space), relativeError: 0)
        }
    }
}
