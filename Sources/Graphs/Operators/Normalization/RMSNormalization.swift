import Torch

/// `scale x / √(mean x² + ε)` over the last axes.
///
/// - Source: Zhang and Sennrich, arXiv:1910.07467.
struct RMSNormalization: Operator {
    static let names = ["RMSNormalization", "SimplifiedLayerNormalization"]

    /// The first of the axes that are normalised.
    let axis: Int
    let epsilon: Double

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(2...2)
        axis = try node.integer("axis", default: -1)
        epsilon = try node.number("epsilon", default: 1e-5)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let axes = try Array(x.axis(axis)..<x.rank)
        let result = try x.scaledToUnitRootMeanSquare(over: axes, epsilon: epsilon)
        return [try result.affine(inputs.required(1), nil)]
    }
}

extension RMSNormalization {
    /// The scale goes with the axes that are normalised.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        [Value(try labelling.broadcast(inputs.compactMap { $0?.axes }))]
    }
}
