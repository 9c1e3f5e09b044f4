public import NeuralFunctionals
public import Torch
public import WeightSpaces

/// The baseline that knows nothing of symmetries: a perceptron over all weights in one long vector.
public struct FlatPerceptron: NetworkReader {
    /// The networks that are read and the layers that read them.
    public struct Configuration: Hashable, FunctionalDescription {
        public var space: WeightSpace
        public var hiddenWidths: [Int]
        public var outputs: Int

        public init(space: WeightSpace, hiddenWidths: [Int] = [512, 512], outputs: Int) {
            self.space = space
            self.hiddenWidths = hiddenWidths
            self.outputs = outputs
        }

        public func check(against file: StoredNumbers) throws {
            try file.check(space.parameterCount, "space")
            try file.check(hiddenWidths: hiddenWidths, "hiddenWidths")
            try file.check(outputs, "outputs")
        }

        public func bytesPerNetwork(of _: WeightSpace) -> Int {
            16 * hiddenWidths.reduce(space.parameterCount + outputs, +)
        }
    }

    public static let kind = "flat"

    public let configuration: Configuration
    private var normalization: InputNormalization
    private var layers: Perceptron
    /// For each weight the number of its block.
    private let blocks: [Int]

    public var space: WeightSpace { configuration.space }
    public var networksPerPart: Int { 16 }

    public init(_ configuration: Configuration, using random: inout RandomSource) {
        self.configuration = configuration
        normalization = InputNormalization(FeatureSpace(configuration.space, channels: 1))
        layers = Perceptron(
            widths: [configuration.space.parameterCount] + configuration.hiddenWidths + [configuration.outputs],
            using: &random)
        blocks = configuration.space.blocks.enumerated().flatMap { number, block in
            [Int](repeating: number, count: block.count)
        }
    }

    public mutating func fitNormalization(to networks: Feature) { normalization.fit(to: networks) }

    public func callAsFunction(_ networks: Feature, dropping random: inout RandomSource?) -> Tensor {
        self(rows: concatenate(networks.blocks.map { $0.reshaped([networks.batch, -1]) }, axis: 1), dropping: &random)
    }

    /// - Input: `[batch, weights]`.
    /// - Output: `[batch, outputs]`.
    func callAsFunction(rows: Tensor, dropping random: inout RandomSource?) -> Tensor {
        layers(normalization(rows, of: blocks), dropping: &random)
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        try layers.visitParameters(in: "layers", visit)
    }

    public mutating func visitBuffers(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        try normalization.visitBuffers(in: "normalization", visit)
    }
}
