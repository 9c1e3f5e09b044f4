extension Labelling {
    /// The axes of a result that reads several values position by position, those of size one repeated.
    ///
    /// - Throws: `GraphError` when the shapes do not broadcast.
    mutating func broadcast(_ values: [[Label]]) throws(GraphError) -> [Label] {
        var result = [Label](repeating: .fixed(1), count: values.map(\.count).max() ?? 0)
        for axes in values {
            for (axis, label) in zip(result.indices.suffix(axes.count), axes) where label.size != 1 {
                if result[axis].size == 1 { result[axis] = label } else { try unify(result[axis], label) }
            }
        }
        return result.map(resolved)
    }

    /// Fixes axes whose positions an operator tells apart.
    mutating func fix(_ labels: [Label]) {
        for label in labels { fix(label, because: "positions are told apart by \(place)") }
    }

    /// The value with its elements in the same order and another shape.
    ///
    /// Axes that are merged become products, axes that are taken apart factors. Parts that were side by side in one axis
    /// stay independent when they get an axis of their own, and the reverse.
    ///
    /// - Throws: `GraphError` when the numbers of elements differ.
    mutating func reshaped(_ value: Value, to shape: [Int]) throws(GraphError) -> Value {
        guard let count = elementCount(value.shape), count == elementCount(shape) else {
            throw GraphError.sizes(node: place, expected: value.shape, found: shape)
        }
        if count == 0 { return Value(shape.map(Label.fixed)) }
        let groups = matchingAxes(value.shape, shape)
        let axes = try unstacked(value, groups.map(\.old))
        var result = Value([])
        for (old, new) in groups {
            let label = resolved(.product(Array(axes[old])))
            let sizes = Array(shape[new])
            if result.stack == nil, let stack = try stacked(label, sizes: sizes) {
                result.stack = Value.Stack(
                    axis: result.axes.count + stack.axis, parts: stack.parts.map { result.axes + $0 })
                result.axes += sizes.map(Label.fixed)
            } else {
                let pieces = try factored(label, sizes: sizes)
                result.axes += pieces
                result.stack?.append(pieces)
            }
        }
        result.axes = result.axes.map(resolved)
        return result
    }

    /// The axes of a value, with what is stacked laid side by side along the group of axes that holds the stack.
    private mutating func unstacked(_ value: Value, _ groups: [Range<Int>]) throws(GraphError) -> [Label] {
        guard let stack = value.stack, let group = groups.first(where: { $0.contains(stack.axis) }) else {
            return value.axes
        }
        let inner = stack.axis..<group.upperBound - 1
        for part in stack.parts.dropFirst() {
            for axis in part.indices where !inner.contains(axis) { try unify(stack.parts[0][axis], part[axis]) }
        }
        var axes = stack.parts[0]
        axes.replaceSubrange(
            inner,
            with: [.concatenation(stack.parts.map { .product(Array($0[inner])) })]
                + inner.map { _ in .fixed(1) })
        return axes
    }

    /// The label as factors of the given sizes, one of which counts parts that stand side by side in it.
    private mutating func stacked(_ label: Label, sizes: [Int]) throws(GraphError) -> Value.Stack? {
        let factors = if case .product(let factors) = label { factors } else { [label] }
        guard
            let position = factors.firstIndex(where: { if case .concatenation = $0 { true } else { false } }),
            case .concatenation(let parts) = factors[position], Set(parts.map(\.size)).count == 1
        else { return nil }
        let outer = Label.product(of: Array(factors[..<position]))
        let inner = Label.product(of: Array(factors[(position + 1)...]))
        for axis in sizes.indices where sizes[axis] == parts.count {
            let (before, after) = (Array(sizes[..<axis]), Array(sizes[(axis + 1)...]))
            guard before.reduce(1, *) == outer.size, after.reduce(1, *) == parts[0].size * inner.size else { continue }
            let front = try factored(outer, sizes: before)
            return Value.Stack(
                axis: axis,
                parts: try parts.map { part throws(GraphError) in
                    front + (try factored(resolved(.product([part, inner])), sizes: after))
                })
        }
        return nil
    }
}

extension Value.Stack {
    fileprivate mutating func append(_ labels: [Label]) { for part in parts.indices { parts[part] += labels } }
}

/// The shortest groups of successive axes that hold as many elements in one shape as in another.
///
/// - Traps: when the shapes hold different numbers of elements, or none.
private func matchingAxes(_ old: [Int], _ new: [Int]) -> [(old: Range<Int>, new: Range<Int>)] {
    var result: [(old: Range<Int>, new: Range<Int>)] = []
    var (first, second) = (0, 0)
    while first < old.count || second < new.count {
        let (start, other) = (first, second)
        var (before, after) = (1, 1)
        repeat {
            if first < old.count, before <= after || second == new.count {
                before *= old[first]
                first += 1
            } else {
                after *= new[second]
                second += 1
            }
        } while before != after
        result.append((start..<first, other..<second))
    }
    return result
}

/// The product of extents, or `nil` where it is negative or beyond what any memory holds.
func elementCount(_ shape: [Int]) -> Int? {
    var result = 1
    for size in shape {
        let (product, overflow) = result.multipliedReportingOverflow(by: size)
        guard !overflow, size >= 0, product < 1 << 48 else { return nil }
        result = product
    }
    return result
}
