/// A feed-forward image classifier: convolutions, a head that reads their map, dense layers; or dense layers alone.
///
/// A hidden layer computes `hₗ = φ(Wₗ hₗ₋₁ + bₗ)`, a convolution with a skip `hₗ = hₗ₋₁ + φ(Wₗ hₗ₋₁ + bₗ)`; the last
/// layer is linear.
public struct ClassifierArchitecture: Hashable, Sendable {
    /// `[channels, height, width]` of an image; `[pixels]` where there are no convolutions.
    public let imageShape: [Int]
    /// The convolutions, from the image on.
    public let convolutions: [Convolution]
    /// How the first dense layer reads the last convolution; `pool` where there is none.
    public let head: ClassifierHead
    /// The widths of the dense layers, of which the last is the number of classes.
    public let dense: [Int]
    /// The nonlinearity φ after every layer but the last.
    public var activation: Activation

    /// - Traps: when the layers do not fit together.
    public init(
        imageShape: [Int], convolutions: [Convolution] = [], head: ClassifierHead = .pool, dense: [Int],
        activation: Activation = .relu
    ) {
        self.imageShape = imageShape
        self.convolutions = convolutions
        self.head = head
        self.dense = dense
        self.activation = activation
        if let flaw { preconditionFailure(flaw) }
    }

    /// The network of these layers, if they fit together.
    init?(
        checking imageShape: [Int], convolutions: [Convolution], dense: [Int], activation: Activation
    ) {
        (self.imageShape, self.convolutions, self.dense) = (imageShape, convolutions, dense)
        (self.head, self.activation) = (.pool, activation)
        if flaw != nil { return nil }
    }

    /// Three convolutions of 16 channels, 3 × 3 with stride 2, on grey images of 32 × 32: 4,970 parameters, 6,250 where the
    /// 3 × 3 positions that are left are flattened.
    ///
    /// - Source: Unterthiner et al. 2020, arXiv:2002.11448, section 3, where they are pooled.
    public static func smallCNN(
        head: ClassifierHead = .pool, activation: Activation = .relu
    ) -> ClassifierArchitecture {
        ClassifierArchitecture(
            imageShape: [1, 32, 32],
            convolutions: Array(repeating: Convolution(channels: 16, kernel: 3, stride: 2), count: 3), head: head,
            dense: [10], activation: activation)
    }

    /// A multi-layer perceptron, `[784, 128, 128, 10]` for instance.
    public static func mlp(widths: [Int], activation: Activation = .relu) -> ClassifierArchitecture {
        ClassifierArchitecture(
            imageShape: Array(widths.prefix(1)), dense: Array(widths.dropFirst()), activation: activation)
    }

    /// The number of classes.
    public var classes: Int { dense[dense.count - 1] }

    /// The names of the parameters: `0.weight`, `0.bias`, `1.weight`, …
    public var parameterNames: [String] { layers.indices.flatMap { ["\($0).weight", "\($0).bias"] } }

    /// The shape of each parameter in the order of ``parameterNames``: weights `[outputs, inputs, kernel…]`, biases
    /// `[outputs]`.
    public var parameterShapes: [[Int]] { layers.flatMap { [[$0.outputs, $0.inputs] + $0.kernel, [$0.outputs]] } }

    /// Channels or neurons of the widest hidden layer; zero without hidden layers.
    public var width: Int { (convolutions.map(\.channels) + dense.dropLast()).max() ?? 0 }

    /// Hidden neurons, a convolution's channels counted once.
    var hiddenNeurons: Int { (convolutions.map(\.channels) + dense.dropLast()).reduce(0, +) }

    /// The number of weights and biases.
    public var parameterCount: Int { parameterShapes.reduce(0) { $0 + $1.reduce(1, *) } }

    /// Products of a weight and a value that one image takes.
    public var multiplicationCount: Int {
        layers.reduce(0) { $0 + $1.positions * $1.outputs * $1.inputs * $1.kernel.reduce(1, *) }
    }

    /// What one layer reads and writes.
    private struct Layer {
        var inputs: Int
        var outputs: Int
        /// Empty in a dense layer.
        var kernel: [Int] = []
        /// Places at which the layer is computed.
        var positions = 1
    }

    private var layers: [Layer] {
        var (inputs, sides, layers) = (imageShape[0], imageShape.dropFirst(), [Layer]())
        for convolution in convolutions {
            sides = ArraySlice(sides.map(convolution.side(after:)))
            let kernel = [convolution.kernel, convolution.kernel]
            layers.append(
                Layer(inputs: inputs, outputs: convolution.channels, kernel: kernel, positions: sides.reduce(1, *)))
            inputs = convolution.channels
        }
        inputs *= flattenedPositions
        for outputs in dense {
            layers.append(Layer(inputs: inputs, outputs: outputs))
            inputs = outputs
        }
        return layers
    }

    /// Positions of each channel that the first dense layer reads.
    var flattenedPositions: Int {
        head == .pool
            ? 1 : imageShape.dropFirst().reduce(1) { $0 * convolutions.reduce($1) { $1.side(after: $0) } }
    }

    /// What keeps the description from being a network, if anything.
    private var flaw: String? {
        let rank = convolutions.isEmpty ? 1 : 3
        if imageShape.count != rank { return "expected \(rank) sizes of an image, got \(imageShape)" }
        if dense.isEmpty { return "expected a dense layer, got none" }
        if let size = (imageShape + dense).first(where: { !Self.sizes.contains($0) }) {
            return "expected sizes in \(Self.sizes), got \(size)"
        }
        var (inputs, sides) = (imageShape[0], Array(imageShape.dropFirst()))
        for (layer, convolution) in convolutions.enumerated() {
            if let flaw = convolution.flaw(reading: inputs, sides: sides) { return "convolution \(layer): \(flaw)" }
            (inputs, sides) = (convolution.channels, sides.map(convolution.side(after:)))
        }
        if head == .pool { return nil }
        if convolutions.isEmpty { return "expected a convolution to flatten, got none" }
        let flattened = sides.reduce(inputs, *)
        return Self.sizes.contains(flattened) ? nil : "expected sizes in \(Self.sizes), got \(flattened) to flatten"
    }

    /// How large an axis may be.
    static let sizes = 1...65_536
}

extension ClassifierArchitecture: Codable {
    private enum CodingKeys: String, CodingKey { case imageShape, convolutions, head, dense, activation }

    /// - Throws: `DecodingError` also when the description is not a network.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        imageShape = try container.decode([Int].self, forKey: .imageShape)
        convolutions = try container.decode([Convolution].self, forKey: .convolutions)
        head = try container.decode(ClassifierHead.self, forKey: .head)
        dense = try container.decode([Int].self, forKey: .dense)
        activation = try container.decode(Activation.self, forKey: .activation)
        if let flaw {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: flaw))
        }
    }
}
