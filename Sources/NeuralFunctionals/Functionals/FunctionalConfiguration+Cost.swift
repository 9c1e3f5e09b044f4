internal import Torch
internal import WeightSpaces

/// What a functional costs, and how it is kept low.
extension FunctionalConfiguration {
    /// How many parameters a trunk may have before positions are joined.
    public static let usualParameters = 2_700_000
    /// How many fixed positions a block may have that are never joined: those of 3 × 3 kernels, a few inputs, ten classes.
    public static let fewPositions = 16

    /// Chooses ``widestBlock``: none where the trunk has at most `parameters`, otherwise the largest one with which it has,
    /// or else the smallest.
    public mutating func limitWidth(parameters: Int = usualParameters) {
        widestBlock = nil
        let widths = Set(hiddenSpace.blocks.filter { $0.fixedCount > Self.fewPositions }.map(\.width))
        for width in widths.sorted(by: >) {
            var random = RandomSource.shapesOnly
            if Trunk(self, using: &random).parameterCount <= parameters { return }
            widestBlock = width - 1
        }
    }

    /// About how many bytes the features of one network take in training, in float32: what is read, and for every layer its
    /// sums, what becomes of them, and the gradients of both.
    public var bytesPerNetwork: Int {
        let ordered = { (block: FeatureSpace.Block) in block.groups.count { space.groups[$0].isOrdered } }
        let numbers = zip(FeatureSpace(space, channels: 1).blocks, hiddenSpace.blocks).reduce(0.0) { sum, block in
            let (read, written) = block
            let entries = read.groups.reduce(1.0) { $0 * Double(space.groups[$1].size) }
            let encoded = 1 + 2 * (fourier?.frequencies ?? 0) + positional.width * ordered(read)
            return sum + entries * (Double(read.fixedCount * encoded) + Double(4 * depth * written.width))
        }
        return Int(min(4 * numbers, 1e18))
    }
}
