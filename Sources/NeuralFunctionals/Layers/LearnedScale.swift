public import Torch

/// Multiplies each block by one learned number of its role, small at first, so that an edit starts near the identity.
///
/// - Source: Zhou et al. 2023, arXiv:2302.14040, section 4.3 (γ of `U′ = U + γ ⊙ NFN(U)`).
public struct LearnedScale: FeatureLayer {
    public let inputSpace: FeatureSpace
    /// One number per role.
    public private(set) var factors: [Tensor]

    private let roleNumbers: [Int]

    public var outputSpace: FeatureSpace { inputSpace }

    /// A scale that starts at `initial` for every role.
    public init(_ space: FeatureSpace, initial: Double = 0.01) {
        inputSpace = space
        roleNumbers = space.roleNumbers
        factors = space.roles.map { _ in Tensor(repeating: initial, shape: [1]) }
    }

    public func callAsFunction(_ feature: Feature) -> Feature {
        Feature(zip(feature.blocks, roleNumbers).map { $0 * factors[$1] }, over: feature.space)
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        for index in factors.indices { try visit("\(index)", &factors[index]) }
    }
}
