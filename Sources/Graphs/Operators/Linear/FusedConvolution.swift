import Torch

/// ``Convolution``, a summand, and a function of each element.
///
/// - Input: as for ``Convolution``, then a summand of the shape of the result, or none.
struct FusedConvolution: Operator {
    static let names = ["com.microsoft::FusedConv"]

    let convolution: Convolution
    let activation: FusedActivation

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(2...4)
        var plain = node
        plain.inputs = Array(node.inputs.prefix(3))
        convolution = try Convolution(plain)
        activation = try FusedActivation(node, named: "activation") { node, function throws(GraphError) in
            guard case .numbers(let values)? = node.attributes["activation_params"] else { return [:] }
            let names: [String: [String]] = [
                "Clip": ["min", "max"], "HardSigmoid": ["alpha", "beta"], "LeakyRelu": ["alpha"],
            ]
            guard let parameters = names[function], parameters.count == values.count else {
                throw node.refused("activation_params", expected: "the numbers that \(function) has")
            }
            return Dictionary(uniqueKeysWithValues: zip(parameters, values.map(Attribute.number)))
        }
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        var result = try convolution.evaluate(Array(inputs.prefix(3)))[0]
        if let summand = inputs.optional(3) { result = try aten("add.Tensor", result, summand) }
        return [try activation(result)]
    }
}

extension FusedConvolution {
    /// What ``Convolution`` does; the summand is joined to the result.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let result = try convolution.label(Array(inputs.prefix(3)), in: &labelling)
        guard let summand = inputs.optional(3) else { return result }
        return [Value(try labelling.broadcast([result[0].axes, summand.axes]))]
    }
}
