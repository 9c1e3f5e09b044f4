internal import CTorch

/// A seeded stream of random numbers: the same seed gives the same numbers, and a copy continues alike.
///
/// - Source: SplitMix64, Steele et al. 2014, "Fast splittable pseudorandom number generators".
public struct RandomSource: RandomNumberGenerator, Sendable, Hashable, Codable {
    /// Of a stream without numbers nil.
    private var state: UInt64?

    /// Starts the stream of a seed.
    public init(seed: UInt64) { state = seed }

    private init() { state = nil }

    /// A stream without numbers: tensors drawn from it are on the meta device, for what is about to be replaced by stored
    /// elements.
    public static let shapesOnly = RandomSource()

    fileprivate var isShapesOnly: Bool { state == nil }

    public mutating func next() -> UInt64 {
        guard var bits = state.map({ $0 &+ 0x9E37_79B9_7F4A_7C15 }) else { return 0 }
        state = bits
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return bits ^ bits >> 31
    }

    /// An independent stream for one purpose, leaving this one a single number further.
    public mutating func split() -> RandomSource { isShapesOnly ? self : RandomSource(seed: next()) }
}

extension Tensor {
    /// Independent values from the uniform distribution over a range.
    public static func uniform(
        _ range: ClosedRange<Double> = 0...1, shape: [Int], dtype: DType = .float32, on device: Device = .cpu,
        using random: inout RandomSource
    ) -> Tensor {
        if random.isShapesOnly { return .zeros(shape, dtype: dtype, on: .meta) }
        let seed = random.next()
        return Tensor { e in
            withSizes(shape) {
                libtorch.uniform($0, range.lowerBound, range.upperBound, seed, dtype.raw, device.raw, e)
            }
        }
    }

    /// Independent values from U(±bounds), in float32.
    ///
    /// - Parameter bounds: broadcasts to `shape`.
    public static func uniform(
        within bounds: @autoclosure () -> Tensor, shape: [Int], using random: inout RandomSource
    ) -> Tensor {
        let values = uniform(-1...1, shape: shape, using: &random)
        return random.isShapesOnly ? values : values * bounds()
    }

    /// Independent values from the standard normal distribution.
    public static func normal(
        shape: [Int], dtype: DType = .float32, on device: Device = .cpu, using random: inout RandomSource
    ) -> Tensor {
        if random.isShapesOnly { return .zeros(shape, dtype: dtype, on: .meta) }
        let seed = random.next()
        return Tensor { e in withSizes(shape) { libtorch.normal($0, seed, dtype.raw, device.raw, e) } }
    }
}
