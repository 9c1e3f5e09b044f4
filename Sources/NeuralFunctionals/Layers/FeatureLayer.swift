public import Torch

/// A map between features that commutes with the permutations of their groups: `f(g · x) = g · f(x)`.
public protocol FeatureLayer: Module {
    /// What the layer reads.
    var inputSpace: FeatureSpace { get }
    /// What the layer writes.
    var outputSpace: FeatureSpace { get }
    /// Maps a feature over ``inputSpace`` to one over ``outputSpace``.
    func callAsFunction(_ feature: Feature) -> Feature
}
