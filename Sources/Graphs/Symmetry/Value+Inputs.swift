import Torch

extension Value {
    /// The label of an axis.
    ///
    /// - Throws: `OperandError` when there is no such axis.
    func axis(_ axis: Int) throws(OperandError) -> Label { axes[try Graphs.axis(axis, of: rank)] }
}

extension Value {
    /// The elements, which follow from the graph alone.
    ///
    /// - Throws: `OperandError` when they depend on data.
    func known() throws(OperandError) -> Tensor {
        guard let constant else { throw OperandError(expected: "elements that the graph decides", found: "data") }
        return constant
    }

    /// The value with its axes in another order, those left out gone, and a new one of size one for each `nil`.
    func rearranged(_ order: [Int?]) throws(OperandError) -> Value {
        func arrange(_ axes: [Label]) -> [Label] { order.map { $0.map { axes[$0] } ?? .fixed(1) } }
        var result = Value(arrange(axes))
        guard let stack else { return result }
        guard let axis = order.firstIndex(of: stack.axis) else {
            throw OperandError(expected: "all stacked parts", found: "an axis left out")
        }
        let parts = stack.parts.map { part in
            var whole = part
            whole.insert(.fixed(1), at: stack.axis)
            whole = arrange(whole)
            whole.remove(at: axis)
            return whole
        }
        result.stack = Stack(axis: axis, parts: parts)
        return result
    }
}
