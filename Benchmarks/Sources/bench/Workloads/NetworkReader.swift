import NeuralFunctionals
import Torch
import WeightSpaces

/// An invariant functional whose layers differ in width, as the authors' predictor of accuracies does: encoded inputs and
/// outputs, equivariant layers with ReLU, pooling, and a perceptron.
struct NetworkReader: Module {
    private let encoding: PositionalEncoding
    private var stack: [EquivariantBlock]
    private let pooling: InvariantPooling
    private var head: Perceptron

    init(_ space: WeightSpace, channels: [Int], headWidths: [Int], using random: inout RandomSource) {
        let input = FeatureSpace(space, channels: 1)
        encoding = PositionalEncoding(input, .init())
        stack = []
        for channels in channels {
            let read = stack.last?.outputSpace ?? encoding.outputSpace
            stack.append(
                EquivariantBlock(
                    from: read, to: input.withChannels(channels), .init(isNormalized: false), using: &random))
        }
        pooling = InvariantPooling(stack.last?.outputSpace ?? encoding.outputSpace)
        head = Perceptron(widths: [pooling.outputWidth] + headWidths, using: &random)
    }

    var networksPerPart: Int { (stack.last?.outputSpace ?? encoding.outputSpace).networksPerPart }

    /// - Output: `[batch, headWidths.last]`.
    func callAsFunction(_ networks: Feature) -> Tensor {
        var none: RandomSource?
        return head(pooling(stack.reduce(encoding(networks)) { $1($0) }), dropping: &none)
    }

    mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        for index in stack.indices { try stack[index].visitParameters(in: "stack.\(index)", visit) }
        try head.visitParameters(in: "head", visit)
    }
}

/// The mean cross entropy of `logits`, through a sigmoid, against targets in [0, 1].
func binaryCrossEntropy(_ logits: Tensor, _ targets: Tensor) -> Tensor {
    (relu(logits) - logits * targets + log(exp(-logits.magnitude) + 1)).mean
}
