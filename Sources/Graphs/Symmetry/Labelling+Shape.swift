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
    /// Axes that are merged become products, axes that are taken apart factors; where parts that were side by side become
    /// an axis of their own, they stay independent.
    ///
    /// - Throws: `GraphError` when the numbers of elements differ.
    mutating func reshaped(_ value: Value, to shape: [Int]) throws(GraphError) -> Value {
        let axes = try merged(value).axes
        guard let count = elementCount(axes.map(\.size)), count == elementCount(shape) else {
            throw GraphError.sizes(node: place, expected: axes.map(\.size), found: shape)
        }
        if count == 0 { return Value(shape.map(Label.fixed)) }
        var result = Value([])
        var (old, new) = (axes[...], shape[...])
        while !old.isEmpty || !new.isEmpty {
            var (labels, sizes): ([Label], [Int]) = ([], [])
            var (before, after) = (1, 1)
            repeat {
                if !old.isEmpty, before <= after || new.isEmpty {
                    labels.append(old.removeFirst())
                    before *= labels[labels.count - 1].size
                } else {
                    sizes.append(new.removeFirst())
                    after *= sizes[sizes.count - 1]
                }
            } while before != after
            let label = resolved(.product(labels))
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
