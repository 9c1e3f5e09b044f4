/// A stored axis of a parameter.
struct ParameterAxis: Hashable, Sendable {
    var parameter: String
    var axis: Int
}

/// What is asked of permutations beyond what a graph asks.
enum AxisConstraint: Hashable, Sendable {
    /// The axes move alike.
    case alike([ParameterAxis])
    /// The axis stays as it is.
    case fixed(ParameterAxis, because: String)
}

extension SymmetryPass {
    /// Keeps those permutations that fulfil a constraint; axes that no node reads have none.
    ///
    /// - Throws: `GraphError` when axes that move alike have different sizes.
    mutating func apply(_ constraint: AxisConstraint) throws(GraphError) {
        func label(_ axis: ParameterAxis) -> Label? {
            parameters[axis.parameter].flatMap { $0.axes.indices.contains(axis.axis) ? $0.axes[axis.axis] : nil }
        }
        switch constraint {
        case .fixed(let axis, let reason):
            if let label = label(axis) { labelling.fix(label, because: reason) }
        case .alike(let axes):
            let labels = axes.compactMap(label)
            for other in labels.dropFirst() { try labelling.unify(labels[0], other) }
        }
    }
}
