import Torch

/// Patches summed up where they overlap: the transpose of cutting a picture into patches.
///
/// - Input: patches `[batch, channels · patch, places]`, the extents of the picture, the extents of a patch.
/// - Output: `[batch, channels, …]`.
struct Fold: Operator {
    static let names = ["Col2Im"]

    let window: Window

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(3...3)
        window = try Window(node)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let layout = try layout(of: x.shape, inputs.required(1).integers(), inputs.required(2).integers())
        let patches = try aten("reshape", x, [x.size(0), layout.channels, -1])
        // What lies outside of the picture is summed up behind it.
        let picture = layout.image.reduce(1, *)
        let sums = try aten("zeros", [x.size(0), layout.channels, picture + 1], x.dtype)
        let result = try aten("narrow", aten("index_add", sums, 2, targets(layout), patches), 2, 0, picture)
        return [try aten("reshape", result, [x.size(0), layout.channels] + layout.image)]
    }

    /// How patches lie in the picture.
    private struct Layout {
        let channels: Int
        let image: [Int]
        let patch: [Int]
        let strides: [Int]
        let dilations: [Int]
        let leading: [Int]
        /// How many patches there are along each axis.
        let places: [Int]
    }

    private func layout(of shape: [Int], _ image: [Int], _ patch: [Int]) throws(OperandError) -> Layout {
        let axes = image.count
        guard shape.count == 3, patch.count == axes, patch.allSatisfy((1...Window.largest).contains) else {
            throw OperandError(expected: "three axes, and patches of \(axes)", found: "\(shape), \(patch)")
        }
        let strides = try window.values(window.strides, 1, axes: axes)
        let dilations = try window.values(window.dilations, 1, axes: axes)
        let pads = try window.values(window.pads, 0, axes: 2 * axes)
        try checkedShape(image)
        let places = image.indices.map { axis in
            let room = image[axis] + pads[axis] + pads[axis + axes] - dilations[axis] * (patch[axis] - 1) - 1
            return room < 0 ? 0 : room / strides[axis] + 1
        }
        guard let size = elementCount(patch), size > 0, shape[1].isMultiple(of: size),
            elementCount(places) == shape[2]
        else {
            throw OperandError(expected: "patches of \(patch) at \(places) places", found: "\(shape)")
        }
        try checkedShape([shape[0], shape[1] / size] + image)
        return Layout(
            channels: shape[1] / size, image: image, patch: patch, strides: strides, dilations: dilations,
            leading: Array(pads.prefix(axes)), places: places)
    }

    /// Where in the picture each element of each patch goes; behind it what lies outside.
    private func targets(_ layout: Layout) throws -> Tensor {
        let axes = layout.image.count
        var (target, isInside) = (Tensor([0] as [Int64], shape: []), Tensor([1] as [Int64], shape: []).to(.bool))
        for axis in 0..<axes {
            let places = (0..<layout.patch[axis]).flatMap { inner in
                (0..<layout.places[axis]).map { place in
                    Int64(place * layout.strides[axis] + inner * layout.dilations[axis] - layout.leading[axis])
                }
            }
            var shape = [Int](repeating: 1, count: 2 * axes)
            (shape[axis], shape[axes + axis]) = (layout.patch[axis], layout.places[axis])
            let index = Tensor(places, shape: shape)
            target = try aten("add.Tensor", aten("mul.Scalar", target, layout.image[axis]), index)
            isInside = try aten("logical_and", isInside, aten("ge.Scalar", index, 0))
            isInside = try aten("logical_and", isInside, aten("lt.Scalar", index, layout.image[axis]))
        }
        let behind = layout.image.reduce(1, *)
        return try aten("reshape", aten("masked_fill.Scalar", target, aten("logical_not", isInside), behind), [-1])
    }
}

extension Fold {
    /// Channels pass through; places in a patch and patches are told apart.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        let (image, patch) = (try inputs.required(1).known().integers(), try inputs.required(2).known().integers())
        let layout = try layout(of: x.shape, image, patch)
        let factors = try labelling.factored(x.axes[1], sizes: [layout.channels, patch.reduce(1, *)])
        labelling.fix([factors[1], x.axes[2]])
        return [Value([x.axes[0], factors[0]] + image.map(Label.fixed))]
    }
}
