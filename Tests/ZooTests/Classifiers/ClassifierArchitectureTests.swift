import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Zoo

@Suite(.oneThread) struct ClassifierArchitectureTests {
    @Test("the small CNN has the 4,970 parameters of the paper, 784-128-128-10 has 118,282")
    func countsParameters() throws {
        #expect(ClassifierArchitecture.smallCNN().parameterCount == 4_970)
        #expect(ClassifierArchitecture.mlp(widths: [784, 128, 128, 10]).parameterCount == 118_282)
        #expect(ClassifierArchitecture.smallCNN(head: .flatten).parameterCount == 6_250)
        #expect(ClassifierArchitecture.smallCNN(head: .flatten).multiplicationCount == 166_192 + 1_280)
        // 15² · 16 · 9 + 7² · 16 · 144 + 3² · 16 · 144 + 160
        #expect(ClassifierArchitecture.smallCNN().multiplicationCount == 166_192)
    }

    @Test("parameters have PyTorch's names and shapes, and those of the weight space")
    func names() throws {
        let cnn = ClassifierArchitecture.smallCNN()
        #expect(cnn.parameterNames == (0..<4).flatMap { ["\($0).weight", "\($0).bias"] })
        #expect(
            cnn.parameterShapes == [
                [16, 1, 3, 3], [16], [16, 16, 3, 3], [16], [16, 16, 3, 3], [16], [10, 16], [10],
            ])
        for architecture in SampleClassifiers.all {
            let blocks = try architecture.weightSpace.blocks
            #expect(blocks.map(\.parameter) == architecture.parameterNames)
            #expect(blocks.map(\.shape) == architecture.parameterShapes)
        }
    }

    @Test("without skips the groups are those of the presets; a skip ties a convolution's outputs to its inputs")
    func groups() throws {
        let cnn = try WeightSpace.cnn(
            channels: [1, 16, 16, 16], kernels: [[3, 3], [3, 3], [3, 3]], dense: [10])
        #expect(try ClassifierArchitecture.smallCNN().weightSpace == cnn)
        #expect(try ClassifierArchitecture.mlp(widths: [4, 3, 2]).weightSpace == WeightSpace.mlp(widths: [4, 3, 2]))
        let skips = try SampleClassifiers.skips().weightSpace
        #expect(skips.groups.map(\.name) == ["0", "3", "4"])
        #expect(skips.groups.map(\.size) == [4, 3, 5])
        let weights = skips.blocks.filter { $0.parameter.hasSuffix("weight") }
        #expect(weights.map(\.groups) == [[0], [0, 0], [0, 0], [1, 0], [2, 1], [2]])
        let image = try SampleClassifiers.skippedImage.weightSpace
        #expect(image.blocks[0].axes == [.fixed(2), .fixed(2), .fixed(3), .fixed(3)])
        #expect(image.blocks[2].axes == [.permuted(0), .fixed(2), .fixed(3), .fixed(3)])
    }

    @Test("what is flattened are channels that may trade places, each with positions that may not")
    func flattenedGroups() throws {
        let cnn = try ClassifierArchitecture.smallCNN(head: .flatten).weightSpace
        let readout = Readout.flatten(positions: 9)
        #expect(
            cnn
                == (try WeightSpace.cnn(
                    channels: [1, 16, 16, 16], kernels: [[3, 3], [3, 3], [3, 3]], dense: [10], readout: readout)))
        #expect(cnn.blocks[6].shape == [10, 144])
        #expect(cnn.blocks[6].axes == [.fixed(10), .permuted(2), .fixed(9)])
        let skips = try SampleClassifiers.flattened.weightSpace
        let weights = skips.blocks.filter { $0.parameter.hasSuffix("weight") }
        #expect(weights.map(\.groups) == [[0], [0, 0], [1, 0], [1]])
        #expect(skips.blocks[4].axes == [.permuted(1), .permuted(0), .fixed(12)])
        #expect(SampleClassifiers.flattened.name == "cnn 3×3/2 3×3+, flatten, 5-3 tanh")
    }

    @Test("trading positions of a flattened map is no symmetry, nor is reading it with channels last")
    func positionsAreFixed() {
        var random = RandomSource(seed: 5)
        let architecture = SampleClassifiers.flattened
        let parameters = SampleClassifiers.parameters(of: architecture, using: &random)
        let images = SampleClassifiers.images(2, for: architecture, using: &random)
        let logits = architecture.logits(parameters: parameters, images: images)
        let weight = parameters[4].reshaped([5, 3, 12])
        for moved in [weight.gathered(2, at: (1..<12) + [0]), weight.permuted([0, 2, 1])] {
            var other = parameters
            other[4] = moved.reshaped([5, 36])
            #expect(relativeError(architecture.logits(parameters: other, images: images), logits) > 1e-3)
        }
    }

    @Test("the logits are those of plain loops", arguments: ClassifierArchitecture.Activation.allCases)
    func logitsOfLoops(activation: ClassifierArchitecture.Activation) {
        var random = RandomSource(seed: 1)
        for var architecture in [
            SampleClassifiers.skips(), SampleClassifiers.skippedImage, SampleClassifiers.flattened,
            .mlp(widths: [6, 4, 3]),
        ] {
            architecture.activation = activation
            let parameters = SampleClassifiers.parameters(of: architecture, using: &random)
            let images = SampleClassifiers.images(3, for: architecture, using: &random)
            let naive = NaiveClassifier(architecture: architecture, parameters: parameters)
            let expected = (0..<3).flatMap { naive.logits(of: images.narrowed(0, to: $0..<$0 + 1)) }
            let found = architecture.logits(parameters: parameters, images: images)
            expectClose(found, Tensor(expected, shape: [3, architecture.classes]), relativeError: 1e-12)
        }
    }

    @Test("a perceptron reads the pixels of an image in a row")
    func flattens() {
        var random = RandomSource(seed: 1)
        let mlp = ClassifierArchitecture.mlp(widths: [12, 4, 3])
        let parameters = SampleClassifiers.parameters(of: mlp, using: &random)
        let images = SampleClassifiers.images(2, for: mlp, using: &random)
        let logits = mlp.logits(parameters: parameters, images: images)
        expectClose(
            mlp.logits(parameters: parameters, images: images.reshaped([2, 1, 3, 4])), logits, relativeError: 1e-15)
    }

    @Test("several networks in one product compute what each computes alone")
    func networksTogether() {
        var random = RandomSource(seed: 6)
        for architecture in SampleClassifiers.all {
            let networks = (0..<3).map { _ in SampleClassifiers.parameters(of: architecture, using: &random) }
            let images = SampleClassifiers.images(2, for: architecture, using: &random)
            let alone = stack(networks.map { architecture.logits(parameters: $0, images: images) })
            let stacked = networks[0].indices.map { index in stack(networks.map { $0[index] }) }
            expectClose(
                architecture.logits(ofNetworks: stacked, images: images), alone, relativeError: 1e-12)
        }
    }

    @Test("permuting hidden neurons leaves the logits alone; permuting one layer's rows does not")
    func symmetry() throws {
        var random = RandomSource(seed: 2)
        for architecture in SampleClassifiers.all {
            let space = try architecture.weightSpace
            let parameters = SampleClassifiers.parameters(of: architecture, using: &random)
            let images = SampleClassifiers.images(2, for: architecture, using: &random)
            let logits = architecture.logits(parameters: parameters, images: images)
            let network = Dictionary(uniqueKeysWithValues: zip(architecture.parameterNames, parameters))
            for _ in 0..<3 {
                let moved = try GroupElement.random(of: space.groups, using: &random).acting(on: network, in: space)
                let permuted = try architecture.parameterNames.map { try #require(moved[$0]) }
                expectClose(
                    architecture.logits(parameters: permuted, images: images), logits, relativeError: 1e-10)
            }
            for layer in 0..<parameters.count / 2 {
                var uncoupled = parameters
                let outputs = uncoupled[2 * layer].size(0)
                uncoupled[2 * layer] = uncoupled[2 * layer].gathered(0, at: (1..<outputs) + [0])
                #expect(
                    relativeError(architecture.logits(parameters: uncoupled, images: images), logits) > 1e-6,
                    "layer \(layer)")
            }
        }
    }

    @Test("outputs of a skipped convolution may not be permuted apart from its inputs")
    func skipsNeedOneGroup() throws {
        var random = RandomSource(seed: 3)
        let skips = SampleClassifiers.skips()
        let chain = try WeightSpace.cnn(
            channels: [2, 4, 4, 4, 3], kernels: [[3, 3], [3, 3], [1, 1], [2, 2]], dense: [5, 3])
        let parameters = SampleClassifiers.parameters(of: skips, using: &random)
        let images = SampleClassifiers.images(2, for: skips, using: &random)
        var permutations = chain.groups.map { Permutation((0..<$0.size).reversed()) }
        permutations[0] = .identity(4)
        let network = Dictionary(uniqueKeysWithValues: zip(skips.parameterNames, parameters))
        let moved = try GroupElement(permutations).acting(on: network, in: chain)
        let permuted = try skips.parameterNames.map { try #require(moved[$0]) }
        let logits = skips.logits(parameters: parameters, images: images)
        #expect(relativeError(skips.logits(parameters: permuted, images: images), logits) > 1e-3)
    }

    @Test("gradients of the logits equal central differences")
    func gradientsEqualDifferences() {
        var random = RandomSource(seed: 4)
        let architectures = [
            SampleClassifiers.skips(), SampleClassifiers.skips(.sigmoid), SampleClassifiers.skippedImage,
            SampleClassifiers.flattened,
        ]
        for architecture in architectures {
            let parameters = SampleClassifiers.parameters(of: architecture, using: &random)
            let images = SampleClassifiers.images(2, for: architecture, using: &random)
            let weights = Tensor.normal(shape: [2, architecture.classes], dtype: .float64, using: &random)
            expectGradientsMatchCentralDifferences(
                of: { (architecture.logits(parameters: $0, images: images) * weights).sum }, at: parameters)
        }
    }

    @Test("a description reads back; one that is no network is refused")
    func codes() throws {
        for architecture in SampleClassifiers.all {
            let data = try JSONEncoder().encode(architecture)
            #expect(try JSONDecoder().decode(ClassifierArchitecture.self, from: data) == architecture)
        }
        #expect(!String(decoding: try JSONEncoder().encode(SampleClassifiers.skips()), as: UTF8.self).contains("head"))
        func text(image: String = "[1, 8, 8]", _ convolution: String, head: String? = nil, dense: String = "[2]")
            -> String
        {
            let head = head.map { #""head": "\#($0)", "# } ?? ""
            return
                #"{"imageShape": \#(image), \#(head)"dense": \#(dense), "activation": "relu", "convolutions": [\#(convolution)]}"#
        }
        func convolution(_ channels: Int, _ kernel: Int, _ stride: Int, _ padding: String, skip: Bool = false) -> String
        {
            #"{"channels": \#(channels), "kernel": \#(kernel), "stride": \#(stride), "padding": "\#(padding)", "#
                + #""hasSkip": \#(skip)}"#
        }
        _ = try JSONDecoder().decode(
            ClassifierArchitecture.self, from: Data(text(convolution(1, 3, 1, "same", skip: true)).utf8))
        for (head, expected) in [(nil, .pool), ("pool", .pool), ("flatten", .flatten)] as [(String?, ClassifierHead)] {
            let data = Data(text(convolution(1, 3, 1, "same"), head: head).utf8)
            #expect(try JSONDecoder().decode(ClassifierArchitecture.self, from: data).head == expected)
        }
        for bad in [
            text(convolution(1, 9, 1, "valid")), text(convolution(1, 2, 1, "same")), text(convolution(0, 3, 1, "same")),
            text(convolution(1, 3, 0, "same")), text(convolution(2, 3, 1, "same", skip: true)),
            text(convolution(1, 3, 1, "valid", skip: true)), text(convolution(1, 3, 2, "same", skip: true)),
            text(""), text(image: "[64]", "", dense: "[]"), text(image: "[64]", "", dense: "[0]"),
            text(image: "[64]", convolution(1, 3, 1, "same")),
            text(convolution(1, 3, 1, "same"), head: "last"), text(image: "[64]", "", head: "flatten"),
            text(image: "[1, 4096, 4096]", convolution(1, 3, 1, "same"), head: "flatten"),
            text(image: "[1, 65536, 65536]", convolution(65_536, 1, 1, "valid"), head: "flatten"),
        ] {
            #expect(throws: DecodingError.self, "\(bad)") {
                try JSONDecoder().decode(ClassifierArchitecture.self, from: Data(bad.utf8))
            }
        }
    }

    @Test("parameters and images of other shapes trap")
    func traps() async {
        await #expect(processExitsWith: .failure) {
            let mlp = ClassifierArchitecture.mlp(widths: [4, 2])
            _ = mlp.logits(parameters: [.zeros([4, 2]), .zeros([2])], images: .zeros([1, 4]))
        }
        await #expect(processExitsWith: .failure) {
            let cnn = ClassifierArchitecture.smallCNN()
            _ = cnn.logits(parameters: cnn.parameterShapes.map { .zeros($0) }, images: .zeros([1, 1, 32, 31]))
        }
    }
}
