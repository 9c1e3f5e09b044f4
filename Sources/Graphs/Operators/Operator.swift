import Torch

/// What is known about one operator of the ONNX vocabulary, or about several that differ only in a formula.
///
/// An operator is one small file: its settings, how it computes, and what it does to the labels of its inputs' axes.
protocol Operator: Sendable {
    /// The names of the operators that the type knows.
    static var names: [String] { get }

    /// Reads the settings.
    init(_ node: Node) throws

    /// Computes the results.
    ///
    /// Floating-point numbers are computed in the type in which they come; every integer is an `int64`.
    ///
    /// - Parameter inputs: one value per input of the node; an optional one that is left out is `nil`.
    /// - Returns: one tensor per output of the node, or more.
    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor]
}
