import Torch

/// The function of each element that a fused operator ends in.
struct FusedActivation: Sendable {
    private let operation: (any Operator)?

    /// - Parameters:
    ///   - name: the setting that names the function; nothing is computed where it is left out.
    ///   - parameters: what the function's own settings are called, in the order of their values.
    init(_ node: Node, named name: String, parameters: (Node, String) throws(GraphError) -> [String: Attribute])
        throws(GraphError)
    {
        let function = try node.text(name, default: "")
        if function.isEmpty {
            operation = nil
            return
        }
        let known = PointwiseFunction.names + ParametricActivation.names + Clip.names
        guard known.contains(function) else {
            throw node.refused(name, expected: "a function of each element, such as Relu")
        }
        let version = function == "Clip" ? 6 : node.version
        operation = try OperatorCatalog.operation(
            for: Node(
                function, name: node.name, inputs: ["x"], outputs: [], attributes: try parameters(node, function),
                version: version))
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        try operation?.evaluate([x]).first ?? x
    }
}
