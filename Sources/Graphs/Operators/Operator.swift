import Torch

/// What is known about one operator of the ONNX vocabulary, or about several that differ only in a formula.
///
/// An operator is one small file: its settings, how it computes, and what it does to the labels of its inputs' axes.
protocol Operator: Sendable {
    /// The names of the operators that the type knows.
    static var names: [String] { get }

    /// Reads the settings.
    ///
    /// - Throws: `GraphError` when a setting has a kind or a value that the operator does not allow, or when the node
    ///   lacks inputs.
    init(_ node: Node) throws(GraphError)

    /// Computes the results.
    ///
    /// Floating-point numbers are computed in the type in which they come, and numbers that an operator makes are
    /// `float64`; integers are `int64`, but for those of 8 bits, at whose bounds quantisation saturates.
    ///
    /// - Parameter inputs: one value per input of the node; an optional one that is left out is `nil`.
    /// - Returns: one tensor per output of the node, or more.
    /// - Throws: `OperandError` or `DispatchError` when the values do not fit together.
    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor]
}
