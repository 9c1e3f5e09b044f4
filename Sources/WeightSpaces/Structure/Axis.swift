/// One axis of a block: either permuted by a group of the weight space or fixed.
public enum Axis: Hashable, Sendable, Codable {
    /// The neurons of the group with this number.
    case permuted(Int)
    /// Positions that no symmetry moves, such as a kernel's rows or a first layer's pixels.
    case fixed(Int)

    /// The number of the group that permutes the axis, if one does.
    public var group: Int? {
        if case .permuted(let group) = self { group } else { nil }
    }
}
