public import Torch

/// Reads all fixed positions of some blocks into a few channels: `y_t = x_t M_t + b_t`, with a matrix for every role of such
/// blocks; others stay as they are.
///
/// A map of its own for each neuron, so that it commutes with permutations; positions are told apart by their rows of `M_t`,
/// whose number grows with them and not with their square.
///
/// - Input: a feature over `inputSpace`; block `t` is `[batch, permuted axes…, F_t · channels]`.
/// - Output: a feature over `outputSpace`, where a joined block has `F_t = 1`.
public struct PositionJoining: FeatureLayer {
    public let inputSpace: FeatureSpace
    public let outputSpace: FeatureSpace
    /// `[F_t · channels read, channels written]` per role; nil for one that is not joined.
    public private(set) var matrices: [Tensor?]
    /// `[channels written]` per role.
    public private(set) var biases: [Tensor?]

    private let roleNumbers: [Int]

    /// A layer with weights and biases from U(±1/√fan-in), which gives blocks that have fewer positions in `joined` the
    /// channels that they have there; nil where there are none.
    public init?(_ space: FeatureSpace, joining joined: FeatureSpace, using random: inout RandomSource) {
        var output = space
        for index in space.blocks.indices where joined.blocks[index].fixedCount < space.blocks[index].fixedCount {
            output.blocks[index].fixedCount = joined.blocks[index].fixedCount
            output.blocks[index].channels = joined.blocks[index].channels
        }
        if output == space { return nil }
        inputSpace = space
        outputSpace = output
        roleNumbers = space.roleNumbers
        matrices = []
        biases = []
        for (read, written) in zip(space.roles, output.roles) {
            let (isJoined, bound) = (read.fixedCount > written.fixedCount, 1 / Double(read.width).squareRoot())
            matrices.append(
                isJoined ? .uniform(-bound...bound, shape: [read.width, written.width], using: &random) : nil)
            biases.append(isJoined ? .uniform(-bound...bound, shape: [written.width], using: &random) : nil)
        }
    }

    public func callAsFunction(_ feature: Feature) -> Feature {
        precondition(feature.space == inputSpace, "expected a feature over the layer's input space")
        return Feature(feature.values.enumerated().map { self($1, ofBlock: $0) }, over: outputSpace)
    }

    /// The same for one block.
    func callAsFunction(_ values: BlockValues, ofBlock index: Int) -> BlockValues {
        guard let matrix = matrices[roleNumbers[index]], let bias = biases[roleNumbers[index]] else { return values }
        return .stored(affine(values.array, weight: matrix, bias: bias))
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        for role in matrices.indices {
            guard var matrix = matrices[role], var bias = biases[role] else { continue }
            try visit("\(role).weight", &matrix)
            try visit("\(role).bias", &bias)
            (matrices[role], biases[role]) = (matrix, bias)
        }
    }
}
