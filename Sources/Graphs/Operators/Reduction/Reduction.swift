import Torch

/// A sum, a mean, an extremum or a norm over some axes, which are an attribute or an input.
struct Reduction: Operator {
    /// What is computed, under the names of the operators.
    enum Operation: String, CaseIterable {
        case sum = "ReduceSum"
        case mean = "ReduceMean"
        case maximum = "ReduceMax"
        case minimum = "ReduceMin"
        case product = "ReduceProd"
        case absoluteSum = "ReduceL1"
        case norm = "ReduceL2"
        case squareSum = "ReduceSumSquare"
        case logSum = "ReduceLogSum"
        case logSumExp = "ReduceLogSumExp"
    }

    static let names = Operation.allCases.map(\.rawValue)

    let operation: Operation
    /// The axes, where they are an attribute.
    let axes: [Int]?
    let keepsAxes: Bool
    /// Whether no axes mean none, instead of all.
    let emptyMeansNone: Bool

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(1...2)
        operation = try node.operation(among: Operation.self)
        axes = try node.integers("axes")
        keepsAxes = try node.truth("keepdims", default: true)
        emptyMeansNone = try node.truth("noop_with_empty_axes", default: false)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let given = try axes ?? inputs.optional(1)?.integers() ?? []
        if given.isEmpty && emptyMeansNone { return [x] }
        return [try result(x, over: given.isEmpty ? Array(0..<x.rank) : x.axes(given))]
    }

    private func result(_ x: Tensor, over axes: [Int]) throws -> Tensor {
        switch operation {
        case .sum: return try sum(x, axes)
        case .mean:
            if x.dtype.isFloatingPoint { return axes.isEmpty ? x : try aten("mean.dim", x, axes, keepsAxes) }
            return try aten("mean.dim", x.to(.float64), axes, keepsAxes).to(x.dtype)
        case .maximum: return axes.isEmpty ? x : try aten("amax", x, axes, keepsAxes)
        case .minimum: return axes.isEmpty ? x : try aten("amin", x, axes, keepsAxes)
        case .product:
            return try axes.sorted(by: >).reduce(x) { try aten("prod.dim_int", $0, $1, keepsAxes) }
        case .absoluteSum: return try sum(aten("abs", x), axes)
        case .norm: return try aten("sqrt", sum(aten("square", x), axes))
        case .squareSum: return try sum(aten("square", x), axes)
        case .logSum: return try aten("log", sum(x, axes))
        case .logSumExp: return axes.isEmpty ? x : try aten("logsumexp", x, axes, keepsAxes)
        }
    }

    private func sum(_ x: Tensor, _ axes: [Int]) throws(DispatchError) -> Tensor {
        axes.isEmpty ? x : try aten("sum.dim_IntList", x, axes, keepsAxes)
    }
}

extension Reduction {
    /// Axes that are summed up may be in any order; the others pass through.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let x = try inputs.required(0)
        let given = try axes ?? inputs.optional(1)?.known().integers() ?? []
        if given.isEmpty && emptyMeansNone { return [Value(x.axes)] }
        let reduced = given.isEmpty ? Array(0..<x.rank) : try Graphs.axes(given, of: x.rank)
        return [
            Value(
                x.axes.indices.compactMap { axis in
                    reduced.contains(axis) ? (keepsAxes ? .fixed(1) : nil) : x.axes[axis]
                })
        ]
    }
}
