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

    /// The symmetry rule: joins the labels of axes that must move together, fixes those whose positions it tells apart.
    ///
    /// - Parameter inputs: one value per input of the node, as for ``evaluate(_:)``; elements that follow from the graph
    ///   alone come as constants.
    /// - Returns: one value per output of the node, or more, with the shapes that ``evaluate(_:)`` gives.
    /// - Throws: `GraphError` when the shapes do not fit, or the shape of a result depends on data.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value]

    /// Whether the rule knows what to do with values that are stacked side by side; others get them merged.
    var understandsStacks: Bool { get }

    /// Whether the rule knows what to do with integers that count positions; in others what they count is told apart.
    var understandsPositions: Bool { get }

    /// The inputs whose elements the rule wants to know even where they are stored as parameters.
    var literalInputs: [Int] { get }
}

extension Operator {
    var understandsStacks: Bool { false }
    var understandsPositions: Bool { false }
    var literalInputs: [Int] { [] }
}
