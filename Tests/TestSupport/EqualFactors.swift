import Torch
public import WeightSpaces

extension ScalingElement {
    /// The same factor for all neurons of one group, −1 or 2.5, and none for the others.
    public static func equal(in group: Int, of structure: ScalingStructure) -> ScalingElement {
        let factor = structure.scalings[group] == .sign ? -1 : 2.5
        let shape = [1, structure.space.groups[group].size]
        return ScalingElement([group: Tensor(repeating: factor, shape: shape, dtype: .float64)], of: structure)
    }
}
