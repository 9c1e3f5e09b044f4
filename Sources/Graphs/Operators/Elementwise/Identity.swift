import Torch

/// The input as it is; dropout too, which does nothing outside training.
struct Identity: Operator {
    static let names = ["Identity", "Dropout"]

    /// Whether the node has a second result, the mask of elements that are kept: all of them.
    let hasMask: Bool

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(node.operation == "Dropout" ? 1...3 : 1...1)
        hasMask = node.outputs.count > 1
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        return try [x] + (hasMask ? [aten("ones_like", x, DType.bool)] : [])
    }
}

extension Identity {
    var understandsStacks: Bool { true }
    var understandsPositions: Bool { true }

    /// Axes pass through.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        return hasMask ? [x, Value(x.axes)] : [x]
    }
}
