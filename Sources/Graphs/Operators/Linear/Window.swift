import Torch

/// The settings with which a window is moved over the last axes of a tensor.
struct Window: Sendable {
    /// How padding is found from the extents.
    enum Automatic: String {
        /// It is not: it is set.
        case none = "NOTSET"
        /// So that there is one place for each stride, with the odd element at the end.
        case upper = "SAME_UPPER"
        /// So that there is one place for each stride, with the odd element at the beginning.
        case lower = "SAME_LOWER"
        /// There is none.
        case valid = "VALID"
    }

    /// The largest size in a setting, so that products of two of them are integers.
    static let largest = 1 << 24

    let kernel: [Int]?
    let strides: [Int]?
    let dilations: [Int]?
    /// What is added before each axis, then what is added after each.
    let pads: [Int]?
    let automatic: Automatic
    /// Whether a last place that reaches past the end counts.
    let roundsUp: Bool

    init(_ node: Node) throws(GraphError) {
        kernel = try node.sizes("kernel_shape", in: 1...Self.largest)
        strides = try node.sizes("strides", in: 1...Self.largest)
        dilations = try node.sizes("dilations", in: 1...Self.largest)
        pads = try node.sizes("pads", in: -Self.largest...Self.largest)
        guard let automatic = Automatic(rawValue: try node.text("auto_pad", default: "NOTSET")) else {
            throw node.refused("auto_pad", expected: "NOTSET, SAME_UPPER, SAME_LOWER or VALID")
        }
        self.automatic = automatic
        roundsUp = try node.truth("ceil_mode", default: false)
    }

    /// The window over axes of the given extents.
    ///
    /// - Parameter kernel: the kernel's extents, where a weight says them.
    /// - Throws: `OperandError` when settings are not as many as axes, or the window fits nowhere.
    func placed(on sizes: [Int], kernel weight: [Int]? = nil) throws(OperandError) -> PlacedWindow {
        let axes = sizes.count
        guard let kernel = weight ?? kernel, kernel.count == axes else {
            throw OperandError(expected: "a kernel of \(axes) axes", found: "\(weight ?? kernel ?? [])")
        }
        let strides = try values(strides, 1, axes: axes)
        let dilations = try values(dilations, 1, axes: axes)
        let pads = try values(pads, 0, axes: 2 * axes)
        var (leading, trailing, excess) = ([Int](), [Int](), [Int]())
        for axis in 0..<axes {
            let reach = (kernel[axis] - 1) * dilations[axis] + 1
            var (before, after) = (pads[axis], pads[axis + axes])
            switch automatic {
            case .none: break
            case .valid: (before, after) = (0, 0)
            case .upper, .lower:
                let places = (sizes[axis] + strides[axis] - 1) / strides[axis]
                let total = max(0, (places - 1) * strides[axis] + reach - sizes[axis])
                before = automatic == .upper ? total / 2 : total - total / 2
                after = total - before
            }
            let room = sizes[axis] + before + after - reach
            guard room >= 0 else {
                throw OperandError(expected: "room for a window of \(reach)", found: "\(room + reach)")
            }
            // A last place counts only if it begins before the padding at the end.
            let rest = roundsUp ? room % strides[axis] : 0
            let begin = (room / strides[axis] + 1) * strides[axis]
            let isCounted = rest > 0 && begin < sizes[axis] + before
            leading.append(before)
            trailing.append(after)
            excess.append(isCounted ? strides[axis] - rest : 0)
        }
        return PlacedWindow(
            kernel: kernel, strides: strides, dilations: dilations, leading: leading, trailing: trailing,
            excess: excess)
    }

    /// A setting for each of `axes`, or `absent` where it is left out.
    func values(_ setting: [Int]?, _ absent: Int, axes: Int) throws(OperandError) -> [Int] {
        guard let setting else { return [Int](repeating: absent, count: axes) }
        guard setting.count == axes else { throw OperandError(expected: "\(axes) values", found: "\(setting)") }
        return setting
    }
}

/// A window over axes of known extents.
struct PlacedWindow {
    let kernel: [Int]
    let strides: [Int]
    let dilations: [Int]
    /// What is added before each axis.
    let leading: [Int]
    /// What is added after each axis.
    let trailing: [Int]
    /// What the last place lacks beyond that.
    let excess: [Int]

    /// `x` with the padding around its last axes.
    func pad(_ x: Tensor, with value: any DispatchArgument, excess isIncluded: Bool = false) throws -> Tensor {
        var pads: [Int] = []
        var shape = Array(x.shape.dropLast(leading.count))
        for axis in leading.indices {
            let after = trailing[axis] + (isIncluded ? excess[axis] : 0)
            pads.insert(contentsOf: [leading[axis], after], at: 0)
            shape.append(x.size(axis - leading.count) + leading[axis] + after)
        }
        try checkedShape(shape)
        return pads.allSatisfy { $0 == 0 } ? x : try aten("constant_pad_nd", x, pads, value)
    }
}

extension Node {
    /// A setting of several integers in a range, if it is there.
    func sizes(_ name: String, in range: ClosedRange<Int>) throws(GraphError) -> [Int]? {
        guard let values = try integers(name) else { return nil }
        guard values.allSatisfy(range.contains) else {
            throw refused(name, expected: "integers from \(range.lowerBound) to \(range.upperBound)")
        }
        return values
    }
}
