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
        let result = try aten("reshape", x, target(shape ?? inputs.required(1).integers(), from: x.shape))
        try checkedShape(result.shape)
        return [result]
    }

    /// The shape with extents of the input where it says 0.
    private func target(_ shape: [Int], from given: [Int]) throws(OperandError) -> [Int] {
        var result = shape
        for (axis, size) in shape.enumerated() where size == 0 && !allowsZero {
            guard axis < given.count else { throw OperandError(expected: "an axis \(axis)", found: "\(given)") }
            result[axis] = given[axis]
        }
        return result
    }
}

extension Reshape {
    var understandsStacks: Bool { true }
    var understandsPositions: Bool { true }

    /// Axes are merged into products and taken apart into factors.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        var target = try target(shape ?? inputs.required(1).known().integers(), from: x.shape)
        if let open = target.firstIndex(of: -1) {
            target[open] = 1
            guard let whole = elementCount(x.shape), let rest = elementCount(target), rest > 0 else {
                throw OperandError(expected: "a shape", found: "\(target)")
            }
            target[open] = whole / rest
        }
        return [try labelling.counted(x, in: target) { x, labelling in try labelling.reshaped(x, to: target) }]
    }
}
