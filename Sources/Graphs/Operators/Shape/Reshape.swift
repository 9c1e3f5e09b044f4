import Torch

/// The same elements in another shape, in which −1 is inferred, and 0 keeps the extent of the input.
struct Reshape: Operator {
    static let names = ["Reshape"]

    /// The shape, where it is an attribute.
    let shape: [Int]?
    /// Whether 0 means 0.
    let allowsZero: Bool

    init(_ node: Node) throws(GraphError) {
        shape = try node.integers("shape")
        try node.requireInputs(shape == nil ? 2...2 : 1...1)
        allowsZero = try node.truth("allowzero", default: false)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        var shape = try shape ?? inputs.required(1).integers()
        if !allowsZero {
            for (axis, size) in shape.enumerated() where size == 0 {
                guard axis < x.rank else { throw OperandError(expected: "an axis \(axis)", found: "\(x)") }
                shape[axis] = x.size(axis)
            }
        }
        let result = try aten("reshape", x, shape)
        try checkedShape(result.shape)
        return [result]
    }
}
