import TestSupport
import Testing
import Torch

@testable import Zoo

/// Against the operators of libtorch in float64, and their gradients.
@Suite(.oneThread) struct FusedClassifierTests {
    private struct Case {
        let architecture: ClassifierArchitecture
        /// Two networks in float64, in the order of the parameters' names, and as rows in float32.
        let networks: [[Tensor]]
        let rows: Tensor
        let images: Tensor
        let labels: Tensor

        init(_ architecture: ClassifierArchitecture, images count: Int, using random: inout RandomSource) {
            self.architecture = architecture
            networks = (0..<2).map { _ in SampleClassifiers.parameters(of: architecture, using: &random) }
            rows = stack(networks.map(Self.row)).to(.float32)
            images = SampleClassifiers.images(count, for: architecture, using: &random)
            labels = Tensor(
                (0..<count).map { _ in Int64.random(in: 0..<Int64(architecture.classes), using: &random) })
        }

        static func row(_ parameters: [Tensor]) -> Tensor { concatenate(parameters.map { $0.reshaped([-1]) }, axis: 0) }

        /// What is computed from some of the images, all by default.
        func fused(_ chosen: Range<Int>? = nil, factors: Tensor? = nil) -> (losses: Tensor, gradients: Tensor) {
            let chosen = chosen ?? 0..<labels.size(0)
            return architecture.fused.gradients(
                parameters: rows, images: images.narrowed(0, to: chosen).to(.float32),
                labels: labels.narrowed(0, to: chosen), factors: factors)
        }
    }

    /// Architectures that differ in everything, each with another number of images.
    private var cases: [Case] {
        var random = RandomSource(seed: 3)
        let skips = ClassifierArchitecture.Activation.allCases.map(SampleClassifiers.skips)
        let wild = (0..<6).map { _ in WildPark().draw(using: &random) }
        var flattened = SampleClassifiers.flattened
        flattened.activation = .gelu
        let wide = ClassifierArchitecture.mlp(widths: [50, 33, 10], activation: .sigmoid)
        let counts = [1, 16, 17, 5, 40, 3, 64, 130, 20, 33, 2] + (1...9)
        return zip(SampleClassifiers.all + skips + wild + [wide, wide, flattened], counts)
            .map { Case($0, images: $1, using: &random) }
    }

    @Test("logits are those of the separate operators")
    func logits() {
        for one in cases {
            let expected = stack(one.networks.map { one.architecture.logits(parameters: $0, images: one.images) })
            let logits = one.architecture.fused.logits(parameters: one.rows, images: one.images.to(.float32))
            expectClose(logits, expected, relativeError: 1e-5, "\(one.architecture)")
        }
    }

    @Test("losses and gradients are those of the separate operators")
    func gradients() {
        for one in cases {
            let (losses, gradients) = one.fused()
            for (index, network) in one.networks.enumerated() {
                let variables = network.map(\.asVariable)
                let loss = crossEntropy(
                    one.architecture.logits(parameters: variables, images: one.images), one.labels)
                expectClose(losses.elements(as: Double.self)[index], loss.item, relativeError: 1e-5)
                let expected = Case.row(Torch.gradients(of: loss, withRespectTo: variables))
                expectClose(
                    gradients.narrowed(0, to: index..<index + 1).reshaped([-1]), expected, relativeError: 2e-5,
                    "\(one.architecture)")
            }
        }
    }

    @Test("a factor scales what a neuron gives to the next layer")
    func scales() {
        var random = RandomSource(seed: 4)
        for architecture in [
            ClassifierArchitecture.smallCNN(activation: .tanh), .mlp(widths: [12, 7, 5, 3], activation: .gelu),
        ] {
            let one = Case(architecture, images: 21, using: &random)
            let neurons = architecture.hiddenNeurons
            let scales = Tensor.uniform(shape: [2, neurons, 1], using: &random) * 2
            let losses = one.fused(factors: scales.expanded([2, neurons, 21])).losses
            for (index, network) in one.networks.enumerated() {
                var (scaled, first) = (network, 0)
                for layer in 1..<network.count / 2 {
                    let (weight, inputs) = (network[2 * layer], network[2 * layer].size(1))
                    let factors = scales.narrowed(0, to: index..<index + 1).narrowed(1, to: first..<first + inputs)
                    let shape = [1, inputs] + Array(repeating: 1, count: weight.rank - 2)
                    scaled[2 * layer] = weight * factors.to(.float64).reshaped(shape)
                    first += inputs
                }
                #expect(first == neurons)
                let expected = crossEntropy(architecture.logits(parameters: scaled, images: one.images), one.labels)
                expectClose(losses.elements(as: Double.self)[index], expected.item, relativeError: 1e-5)
                #expect(relativeError(losses, one.fused().losses) > 1e-3)
            }
        }
    }

    @Test("each image has factors of its own, and gradients see them, also where skips go around")
    func factorsOfImages() {
        for one in cases where one.labels.size(0) > 2 {
            var random = RandomSource(seed: 5)
            let count = one.labels.size(0)
            let factors = Tensor.uniform(shape: [2, one.architecture.hiddenNeurons, count], using: &random)
            let alone = (0..<count).map { image in
                one.fused(image..<image + 1, factors: factors.narrowed(2, to: image..<image + 1))
            }
            let together = one.fused(factors: factors)
            expectClose(
                together.gradients, stack(alone.map(\.gradients)).to(.float64).mean([0]), relativeError: 2e-5)
            expectClose(together.losses, stack(alone.map(\.losses)).mean([0]), relativeError: 1e-5)

            // Along a direction, where few neurons of a ReLU change sign.
            let direction = Tensor.normal(shape: one.rows.shape, using: &random)
            func loss(_ step: Double) -> Tensor {
                one.architecture.fused.gradients(
                    parameters: one.rows + direction * step, images: one.images.to(.float32), labels: one.labels,
                    factors: factors
                ).losses
            }
            let slope = (loss(1e-4) - loss(-1e-4)) * 5e3
            let expected = (together.gradients * direction).to(.float64).sum([1])
            #expect(relativeError(expected, slope) < 0.1, "\(one.architecture)")
        }
    }

    @Test("wrong labels, shapes and types trap")
    func traps() async {
        await #expect(processExitsWith: .failure) {
            var random = RandomSource(seed: 6)
            let one = Case(.mlp(widths: [12, 3]), images: 2, using: &random)
            _ = one.architecture.fused.gradients(
                parameters: one.rows, images: one.images.to(.float32), labels: Tensor([Int64(0), 3]), factors: nil)
        }
        await #expect(processExitsWith: .failure) {
            var random = RandomSource(seed: 6)
            let one = Case(.mlp(widths: [12, 3]), images: 2, using: &random)
            _ = one.architecture.fused.logits(
                parameters: one.rows.narrowed(1, to: 1..<39), images: one.images.to(.float32))
        }
        await #expect(processExitsWith: .failure) {
            var random = RandomSource(seed: 6)
            let one = Case(.mlp(widths: [12, 3]), images: 2, using: &random)
            _ = one.architecture.fused.logits(parameters: one.rows, images: one.images)
        }
    }
}
