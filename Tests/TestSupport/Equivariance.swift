public import NeuralFunctionals
public import Testing
import Torch
import WeightSpaces

/// `‖a − b‖∞ / ‖b‖∞` over all blocks of two features.
public func relativeError(_ a: Feature, _ b: Feature) -> Double {
    let difference = zip(a.blocks, b.blocks).map { ($0 - $1).magnitude.maximum(Array(0..<$0.rank)).item }.max() ?? 0
    let size = b.blocks.map { $0.magnitude.maximum(Array(0..<$0.rank)).item }.max() ?? 0
    return difference / max(size, 1e-300)
}

/// The largest relative error of `f(g · x) = g · f(x)` over random group elements.
public func equivarianceError(
    of layer: (Feature) -> Feature, on sample: SampleSpace, channels: Int, movingOrdered: Bool = true, trials: Int = 5,
    seed: UInt64 = 1
) -> Double {
    var random = RandomSource(seed: seed)
    return (0..<trials).map { _ in
        let feature = sample.feature(channels: channels, using: &random)
        let element = GroupElement.random(of: sample.space.groups, movingOrdered: movingOrdered, using: &random)
        return relativeError(layer(element.acting(on: feature)), element.acting(on: layer(feature)))
    }.max() ?? 0
}

/// Expects `f(g · x) = g · f(x)` in float64 for random features and group elements.
public func expectEquivariant(
    _ layer: (Feature) -> Feature, on sample: SampleSpace, channels: Int, movingOrdered: Bool = true,
    within tolerance: Double = 1e-10, at location: SourceLocation = #_sourceLocation
) {
    let error = equivarianceError(of: layer, on: sample, channels: channels, movingOrdered: movingOrdered)
    #expect(error <= tolerance, "equivariance error \(error) on \(sample.name)", sourceLocation: location)
}
