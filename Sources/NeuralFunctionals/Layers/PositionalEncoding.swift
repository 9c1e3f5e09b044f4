public import Torch
internal import WeightSpaces

/// Tells ordered neurons (inputs and outputs) apart by sines of their position, appended as channels to every block
/// that has an axis of theirs.
///
/// `p ∈ linspace(−1, 1)`, `[sin πsp, cos πsp for s in linspace(1, maximumFrequency/2, bands)], p`. Equivariant to the
/// groups that are not ordered; without ordered groups it changes nothing.
///
/// - Input: a feature over `inputSpace`.
/// - Output: blocks with `2 · bands + 1` more channels for each ordered axis.
/// - Source: Zhou et al. 2023, arXiv:2302.14040, appendix C.
public struct PositionalEncoding: FeatureLayer {
    /// How many frequencies there are and how high they go.
    public struct Configuration: Hashable, Sendable, Codable {
        public var bands: Int
        public var maximumFrequency: Double

        public init(bands: Int = 6, maximumFrequency: Double = 10) {
            self.bands = bands
            self.maximumFrequency = maximumFrequency
        }

        /// The channels of one ordered axis.
        var width: Int { 2 * bands + 1 }

        /// Checks what the types leave open; tables for a space take at most a gigabyte.
        ///
        /// - Throws: ``InvalidSetting``.
        func check(_ groups: [PermutationGroup]) throws {
            try InvalidSetting.check((0...1 << 16).contains(bands), "bands")
            try InvalidSetting.check(maximumFrequency.isFinite, "maximumFrequency")
            let positions = groups.lazy.filter(\.isOrdered).map(\.size)
            try InvalidSetting.check(positions.allSatisfy { $0 <= (1 << 27) / width }, "bands")
        }
    }

    public let inputSpace: FeatureSpace
    public let outputSpace: FeatureSpace
    /// One table `[n_g, 2 · bands + 1]` in float64 per ordered group, by its number.
    private var tables: [Int: Tensor]

    /// Encodings for the ordered groups of a space.
    public init(_ space: FeatureSpace, _ configuration: Configuration) {
        inputSpace = space
        let width = configuration.width
        var output = space
        for index in output.blocks.indices {
            let ordered = space.blocks[index].groups.filter { space.groups[$0].isOrdered }
            output.blocks[index].channels += width * ordered.count
        }
        outputSpace = output
        tables = [:]
        let frequencies = Tensor.linearSpace(
            1...configuration.maximumFrequency / 2, count: configuration.bands, dtype: .float64)
        for (number, group) in space.groups.enumerated() where group.isOrdered {
            let positions = Tensor.linearSpace(-1...1, count: group.size, dtype: .float64).reshaped([-1, 1])
            let angles = positions * frequencies * Double.pi
            tables[number] = concatenate([sin(angles), cos(angles), positions], axis: -1)
        }
    }

    public func callAsFunction(_ feature: Feature) -> Feature {
        precondition(feature.space == inputSpace, "expected a feature over the layer's input space")
        return Feature(feature.values.enumerated().map { self($1, ofBlock: $0) }, over: outputSpace)
    }

    /// The same for one block.
    func callAsFunction(_ values: BlockValues, ofBlock index: Int) -> BlockValues {
        let (read, written) = (inputSpace.blocks[index], outputSpace.blocks[index])
        if read == written { return values }
        let x = values.array
        let positions = x.shape.dropLast() + [read.fixedCount]
        let encodings = read.groups.enumerated().compactMap { axis, group in
            tables[group].map { table in
                var shape = [Int](repeating: 1, count: positions.count) + [table.size(1)]
                shape[axis + 1] = table.size(0)
                return table.to(x.dtype).to(x.device).reshaped(shape).expanded(positions + [table.size(1)])
            }
        }
        let apart = x.reshaped(positions + [read.channels])
        return .stored(concatenate([apart] + encodings, axis: -1).reshaped(x.shape.dropLast() + [written.width]))
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {}
}
