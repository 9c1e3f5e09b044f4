import Torch

/// The number of elements.
struct Size: Operator {
    static let names = ["Size"]

    init(_ node: Node) throws(GraphError) { try node.requireInputs(1...1) }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        [Tensor([Int64(try inputs.required(0).count)], shape: [])]
    }
}
