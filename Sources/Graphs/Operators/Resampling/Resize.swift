import Torch

/// The input with other extents: interpolated along each axis on its own.
struct Resize: Operator {
    static let names = ["Resize", "Upsample"]

    let interpolation: Interpolation
    /// The axes that scales and sizes are about; all where it is left out.
    let axes: [Int]?
    /// The scales, where they are an attribute.
    let scales: [Double]?
    /// The places of the inputs that hold scales and sizes.
    let places: (scales: Int, sizes: Int?)
    /// How sizes keep the proportions: by the smallest scale, by the largest, or not.
    let proportions: String

    init(_ node: Node) throws(GraphError) {
        interpolation = try Interpolation(node)
        axes = try node.integers("axes")
        let isOld = node.operation == "Upsample" || node.version < 11
        places = isOld ? (1, nil) : (2, 3)
        scales = node.attributes["scales"] == nil ? nil : try node.numbers("scales")
        try node.requireInputs(scales != nil ? 1...1 : isOld ? 2...2 : 1...4)
        proportions = try node.text("keep_aspect_ratio_policy", default: "stretch")
        guard ["stretch", "not_larger", "not_smaller"].contains(proportions) else {
            throw node.refused("keep_aspect_ratio_policy", expected: "stretch, not_larger or not_smaller")
        }
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let axes = try x.axes(axes ?? Array(0..<x.rank))
        let targets = try targets(
            of: axes.map(x.size), scales: inputs.optional(places.scales), sizes: places.sizes.flatMap(inputs.optional))
        var shape = x.shape
        for (axis, target) in zip(axes, targets) { shape[axis] = target.size }
        try checkedShape(shape)
        return [
            try zip(axes, targets).reduce(x) { result, next in
                try interpolation(result, axis: next.0, scale: next.1.scale, size: next.1.size)
            }
        ]
    }

    /// The new extents of axes of the given ones, and how much larger they are.
    private func targets(
        of extents: [Int], scales given: Tensor?, sizes: Tensor?
    ) throws(OperandError) -> [(scale: Double, size: Int)] {
        let given = given.map { $0.to(.float64).elements(as: Double.self) } ?? []
        if let scales = scales ?? (given.isEmpty ? nil : given) {
            guard scales.count == extents.count, scales.allSatisfy({ $0 > 0 && $0 < Double(Window.largest) }) else {
                throw OperandError(expected: "\(extents.count) positive scales", found: "\(scales)")
            }
            // Extents are products of the file's float32 numbers.
            return zip(extents, scales).map { ($1, Int((Float($0) * Float($1)).rounded(.down))) }
        }
        let sizes = try sizes?.integers() ?? []
        guard sizes.count == extents.count, sizes.allSatisfy((1...Tensor.largestCount).contains),
            extents.allSatisfy({ $0 > 0 })
        else { throw OperandError(expected: "scales, or \(extents.count) positive sizes", found: "\(sizes)") }
        let scales = zip(extents, sizes).map { Double($1) / Double($0) }
        guard proportions != "stretch" else { return Array(zip(scales, sizes)) }
        let scale = (proportions == "not_larger" ? scales.min() : scales.max()) ?? 1
        let limit = Double(Tensor.largestCount)
        return extents.map { (scale, Int(min(limit, (Double($0) * scale).rounded()))) }
    }
}

extension Resize {
    var literalInputs: [Int] { [places.scales] }

    /// Axes that keep their extent pass through; positions along the others are told apart. Scales, which a file may
    /// store like weights, belong to axes.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        for value in inputs.dropFirst().compactMap(\.self) { labelling.fix(value.axes) }
        let axes = try Graphs.axes(axes ?? Array(0..<x.rank), of: x.rank)
        let targets = try targets(
            of: axes.map { x.shape[$0] }, scales: inputs.optional(places.scales)?.constant,
            sizes: places.sizes.flatMap(inputs.optional)?.known())
        var result = x.axes
        for (axis, target) in zip(axes, targets) where target.size != x.shape[axis] || target.scale != 1 {
            labelling.fix([x.axes[axis]])
            result[axis] = .fixed(target.size)
        }
        return [Value(result)]
    }
}
