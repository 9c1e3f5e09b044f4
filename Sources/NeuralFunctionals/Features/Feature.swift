public import Torch
public import WeightSpaces

/// Channels for every weight of a batch of networks: what a neural functional computes with.
public struct Feature: Sendable {
    /// Which blocks there are.
    public let space: FeatureSpace
    /// The channels of each block.
    let values: [BlockValues]
    /// For each block the means along its two axes, where they came with it.
    let means: [MatrixMeans?]

    /// A feature over a space.
    ///
    /// - Traps: when a block's shape is not the space's.
    public init(_ blocks: [Tensor], over space: FeatureSpace) {
        self.init(blocks.map(BlockValues.stored), over: space)
    }

    /// A feature over a space, with the means that are known.
    init(_ values: [BlockValues], means: [MatrixMeans?]? = nil, over space: FeatureSpace) {
        precondition(values.count == space.blocks.count, "expected \(space.blocks.count) blocks, got \(values.count)")
        let batch = values.first?.shape[0] ?? 0
        for (block, values) in zip(space.blocks, values) {
            let expected = space.shape(of: block, batch: batch)
            precondition(values.shape == expected, "\(block.name): expected \(expected), got \(values.shape)")
        }
        self.values = values
        self.means = means ?? values.map { _ in nil }
        self.space = space
    }

    /// One array per block, `[batch, permuted axes…, fixedCount · channels]`; Fourier features are computed by each call.
    public var blocks: [Tensor] { values.map(\.array) }

    /// The weights of a batch of networks, as a feature with one channel.
    ///
    /// - Input: for every block's parameter an array `[batch, stored shape…]`.
    /// - Throws: ``WeightSpaceError`` when a parameter is missing or has another shape.
    public init(networks: [String: Tensor], of space: WeightSpace) throws {
        let parameters = try space.blocks.map { try space.parameter($0, of: networks) }
        for (block, parameter) in zip(space.blocks, parameters) {
            let expected = [parameters[0].size(0)] + block.shape
            guard parameter.shape == expected else {
                throw WeightSpaceError.shape(block.parameter, expected: expected, found: parameter.shape)
            }
        }
        self.init(stored: parameters, of: space)
    }

    /// The weights of a batch of networks, one array `[batch, stored shape…]` per block, as a feature with one channel.
    public init(stored parameters: [Tensor], of space: WeightSpace) {
        self.init(
            zip(parameters, space.blocks).map { space.channelsLast($0, $1) },
            over: FeatureSpace(space, channels: 1))
    }

    /// A feature with one channel as the weights of networks, `[batch, view shape…]` per block.
    public func stored(in space: WeightSpace) -> [Tensor] {
        zip(blocks, space.blocks).map { space.stored($0, $1) }
    }

    /// Networks with the feature's weights, a feature with one channel, in place of those that its blocks view.
    ///
    /// Slices of one parameter are put together; what no block views stays as it is in `networks`. Differentiable in
    /// both.
    ///
    /// - Input: for every block's parameter an array `[batch, stored shape…]`.
    /// - Throws: ``WeightSpaceError`` when a parameter is missing or has another shape.
    public func networks(in space: WeightSpace, like networks: [String: Tensor]) throws -> [String: Tensor] {
        var result = networks
        for (part, block) in zip(stored(in: space), space.blocks) {
            result[block.parameter] = space.replacing(
                block, of: try space.parameter(block, of: result), by: part)
        }
        return result
    }

    /// The same channels over a space that has the same blocks in other roles.
    func over(_ space: FeatureSpace) -> Feature { Feature(values, means: means, over: space) }

    /// Blocks of two permuted axes or more as float32 or bfloat16; float64 stays, and so do vectors.
    func storingMatrices(as type: DType) -> Feature {
        let stored = zip(values, space.blocks).map { $1.groups.count > 1 ? $0.storing(as: type) : $0 }
        return Feature(stored, means: means, over: space)
    }

    /// The feature with the means of every matrix that did not come with them.
    func withMeans() -> Feature {
        let complete = zip(values, means).map { values, means in means.map { (values, $0) } ?? values.withMeans() }
        return Feature(complete.map(\.0), means: complete.map(\.1), over: space)
    }

    /// What reads views from each block.
    var projectors: [Projector] { zip(values, means).map(Projector.init) }

    /// The number of networks.
    public var batch: Int { values[0].shape[0] }

    /// The feature with every block changed by `transform`, over the same space.
    public func map(_ transform: (Tensor) -> Tensor) -> Feature { Feature(blocks.map(transform), over: space) }

    /// The blocks' sums with another feature's.
    public static func + (a: Feature, b: Feature) -> Feature {
        precondition(a.space == b.space, "expected features over one space")
        return Feature(zip(a.blocks, b.blocks).map { $0 + $1 }, over: a.space)
    }
}

extension GroupElement {
    /// Permutes a feature: `(g · x)[b, π(i), …, c] = x[b, i, …, c]`.
    public func acting(on feature: Feature) -> Feature {
        Feature(
            zip(feature.blocks, feature.space.blocks).map { acting(on: $0, labels: $1.groups, firstAxis: 1) },
            over: feature.space)
    }
}
