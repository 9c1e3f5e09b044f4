import Torch

/// The middle of the input, where that is larger than a shape, with zeros around it where it is smaller.
struct CentredCrop: Operator {
    static let names = ["CenterCropPad"]

    /// The axes that the shape is about; all where it is left out.
    let axes: [Int]?

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(2...2)
        axes = try node.integers("axes")
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let pads = try pads(of: x.shape, inputs.required(1))
        try checkedShape(zip(x.shape, pads).map { $0 + $1.before + $1.after })
        return [try aten("constant_pad_nd", x, pads.reversed().flatMap { [$0.before, $0.after] })]
    }

    /// What is added at both ends of each axis; negative where it is taken away.
    private func pads(of shape: [Int], _ target: Tensor) throws(OperandError) -> [(before: Int, after: Int)] {
        let axes = try Graphs.axes(axes ?? Array(shape.indices), of: shape.count)
        let target = try checkedShape(target.integers())
        guard target.count == axes.count else {
            throw OperandError(expected: "\(axes.count) extents", found: "\(target)")
        }
        var result = shape.map { _ in (before: 0, after: 0) }
        for (axis, size) in zip(axes, target) {
            let change = size - shape[axis]
            result[axis] = (change / 2, change - change / 2)
        }
        return result
    }
}

extension CentredCrop {
    /// Zeros around an axis leave its neurons free; where it is cut, parts are told apart.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        let axes = try zip(x.axes, pads(of: x.shape, inputs.required(1).known())).map { label, pad in
            if pad.before < 0 || pad.after < 0 {
                let rest = label.size + pad.before + pad.after
                return try labelling.split(label, sizes: [-pad.before, rest, -pad.after])[1]
            }
            return Label.concatenation(of: [.fixed(pad.before), labelling.resolved(label), .fixed(pad.after)])
        }
        return [Value(axes)]
    }
}
