import Torch

/// `x Φ(x)` with the normal distribution function Φ, exact or by a hyperbolic tangent, of the input plus a bias.
///
/// - Source: Hendrycks and Gimpel, arXiv:1606.08415.
struct Gelu: Operator {
    static let names = ["Gelu", "com.microsoft::Gelu", "com.microsoft::BiasGelu", "com.microsoft::FastGelu"]

    /// Whether Φ is approximated by a hyperbolic tangent.
    let isApproximate: Bool

    init(_ node: Node) throws(GraphError) {
        let approximation = try node.text("approximate", default: "none")
        guard ["none", "tanh"].contains(approximation) else {
            throw node.refused("approximate", expected: "'none' or 'tanh'")
        }
        isApproximate = approximation == "tanh" || node.operation == "com.microsoft::FastGelu"
        switch node.operation {
        case "com.microsoft::BiasGelu": try node.requireInputs(2...2)
        case "com.microsoft::FastGelu": try node.requireInputs(1...2)
        default: try node.requireInputs(1...1)
        }
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        var x = try inputs.required(0)
        if let bias = inputs.optional(1) { x = try aten("add.Tensor", x, bias) }
        return [try aten("gelu", x, isApproximate ? "tanh" : "none")]
    }
}

extension Gelu {
    /// Axes that are read together are joined.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        [Value(try labelling.broadcast(inputs.compactMap { $0?.axes }))]
    }
}
