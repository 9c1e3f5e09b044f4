public import Torch
public import WeightSpaces

/// A network as a graph of operators, in the vocabulary of ONNX.
///
/// It holds no weights: parameters are named, and their elements stay in the checkpoint.
public struct Graph: Sendable {
    /// A value that is given to the network.
    public struct Input: Hashable, Sendable {
        /// The name under which nodes read the value.
        public var name: String
        /// Its extents; `nil` where the file leaves one open.
        public var shape: [Int?]
        /// The names of open extents, by axis, where the file gives any: equal extents have one name.
        public var openExtents: [Int: String]
        /// The type of its elements.
        public var dtype: StoredDType

        /// A value that is given to the network.
        public init(name: String, shape: [Int?], dtype: StoredDType, openExtents: [Int: String] = [:]) {
            self.name = name
            self.shape = shape
            self.openExtents = openExtents
            self.dtype = dtype
        }
    }

    /// What the network is given.
    public var inputs: [Input]
    /// The names of the values that it gives back.
    public var outputs: [String]
    /// The operators, each after those whose results it reads.
    public var nodes: [Node]
    /// Stored tensors that nodes read, here and in branches, loops and functions: the weights.
    ///
    /// They have floating-point or 8-bit elements, or a node dequantises them, and they are neither masks nor settings of
    /// operators.
    public var parameters: [CheckpointEntry]
    /// Values written into the graph: shapes, indices, masks, and every other stored tensor that is no parameter.
    public var constants: [String: Tensor]

    /// A network as a graph of operators.
    public init(
        inputs: [Input], outputs: [String], nodes: [Node], parameters: [CheckpointEntry],
        constants: [String: Tensor] = [:]
    ) {
        self.inputs = inputs
        self.outputs = outputs
        self.nodes = nodes
        self.parameters = parameters
        self.constants = constants
    }
}
