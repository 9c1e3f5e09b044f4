/// The permutations of one set of neurons (channels, heads, …) that leave a network's function alone.
public struct PermutationGroup: Hashable, Sendable, Codable {
    /// A name that is unique in its weight space.
    public var name: String
    /// How many neurons there are.
    public var size: Int
    /// Whether the neurons have an order after all: they are inputs or outputs, treated as permutable by
    /// ``NeuronSymmetry/allNeurons`` and told apart by positional encodings.
    public var isOrdered: Bool

    /// The symmetric group of `size` neurons.
    public init(_ name: String, size: Int, isOrdered: Bool = false) {
        self.name = name
        self.size = size
        self.isOrdered = isOrdered
    }
}
