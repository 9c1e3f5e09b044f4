import Torch

/// The position of the largest or the smallest element along one axis: the first, or the last of equal ones.
struct ArgumentOfExtremum: Operator {
    static let names = ["ArgMax", "ArgMin"]

    let findsLargest: Bool
    let axis: Int
    let keepsAxis: Bool
    /// Whether the last of equal elements is meant.
    let takesLast: Bool

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(1...1)
        findsLargest = node.operation == "ArgMax"
        axis = try node.integer("axis", default: 0)
        keepsAxis = try node.truth("keepdims", default: true)
        takesLast = try node.truth("select_last_index", default: false)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let axis = try x.axis(axis)
        let name = findsLargest ? "argmax" : "argmin"
        guard takesLast else { return [try aten(name, x, axis, keepsAxis)] }
        let fromEnd = try aten(name, aten("flip", x, [axis]), axis, keepsAxis)
        return [try aten("rsub.Scalar", fromEnd, x.size(axis) - 1)]
    }
}

extension ArgumentOfExtremum {
    /// Positions along the axis are told apart.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        var axes = try inputs.required(0).axes
        let axis = try Graphs.axis(axis, of: axes.count)
        labelling.fix([axes.remove(at: axis)])
        if keepsAxis { axes.insert(.fixed(1), at: axis) }
        return [Value(axes)]
    }
}
