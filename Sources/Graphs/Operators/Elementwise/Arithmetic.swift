import Torch

/// A sum, a difference, a product, a quotient or a power of two inputs that are broadcast against each other.
struct Arithmetic: Operator {
    /// The operations, under the names of their operators.
    enum Operation: String, CaseIterable {
        case add = "Add"
        case subtract = "Sub"
        case multiply = "Mul"
        case divide = "Div"
        case power = "Pow"
    }

    static let names = Operation.allCases.map(\.rawValue)

    let operation: Operation
    /// Before version 7, the axis of the first input at which the axes of the second begin, where it is set.
    let axis: Int?

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(2...2)
        operation = try node.operation(among: Operation.self)
        axis = node.version < 7 ? try node.integer("axis") : nil
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let (a, b) = (try inputs.required(0), try aligned(inputs.required(1), with: inputs.required(0)))
        switch operation {
        case .add: return [try aten("add.Tensor", a, b)]
        case .subtract: return [try aten("sub.Tensor", a, b)]
        case .multiply: return [try aten("mul.Tensor", a, b)]
        case .divide:
            let isWhole = !a.dtype.isFloatingPoint && !b.dtype.isFloatingPoint
            return [try isWhole ? aten("div.Tensor_mode", a, b, "trunc") : aten("div.Tensor", a, b)]
        case .power:
            // The result has the type of the base.
            let isWhole = !a.dtype.isFloatingPoint && b.dtype.isFloatingPoint
            let result = try aten("pow.Tensor_Tensor", a, b)
            return [isWhole ? result.to(a.dtype) : result]
        }
    }

    /// `b` with axes of size one after its last, so that its first meets the axis of `a` that is set.
    private func aligned(_ b: Tensor, with a: Tensor) throws -> Tensor {
        guard let axis else { return b }
        let trailing = try a.axis(axis).distance(to: a.rank) - b.rank
        guard trailing > 0 else { return b }
        return try aten("reshape", b, b.shape + [Int](repeating: 1, count: trailing))
    }
}

extension Arithmetic {
    var literalInputs: [Int] { operation == .multiply ? [0, 1] : [] }
    var understandsPositions: Bool { axis == nil && (operation == .add || operation == .subtract) }

    /// Axes that are read together are joined. A stored table of sines, with which rotary embeddings turn pairs of
    /// dimensions, is no parameter: its columns stay where they are.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        var (a, b) = (try inputs.required(0), try inputs.required(1))
        let positions = labelling.positions(&a, &b, subtracting: operation == .subtract)
        for value in [a, b] where value.constant.map(RotaryTable.recognizes) ?? false {
            for label in value.axes { labelling.fix(label, because: "a table of sines tells positions apart") }
        }
        let trailing = try axis.map { max(0, try Graphs.axis($0, of: a.rank).distance(to: a.rank) - b.rank) } ?? 0
        var result = Value(
            try labelling.broadcast([a.axes, b.axes + Array(repeating: .fixed(1), count: trailing)]))
        result.positions = positions
        return [result]
    }
}

extension Labelling {
    /// The positions that sums or differences of two values count, if one of the values counts some; elements that are
    /// known count where they grow evenly.
    fileprivate mutating func positions(_ a: inout Value, _ b: inout Value, subtracting: Bool) -> Positions? {
        guard a.positions != nil || b.positions != nil else { return nil }
        let first = a.positions ?? a.constant.flatMap(Positions.init(counting:))
        let second = b.positions ?? b.constant.flatMap(Positions.init(counting:))
        guard let first, let second, let result = first.combined(with: second, subtracting: subtracting) else {
            (a, b) = (settled(a), settled(b))
            return nil
        }
        for axis in a.axes.indices where a.constant != nil && first.grows(along: axis) {
            a.axes[axis] = fresh(a.shape[axis])
        }
        for axis in b.axes.indices where b.constant != nil && second.grows(along: axis) {
            b.axes[axis] = fresh(b.shape[axis])
        }
        return result
    }
}
