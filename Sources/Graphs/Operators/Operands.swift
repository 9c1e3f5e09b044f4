import Torch

extension Array {
    /// An input that the operator cannot do without.
    ///
    /// - Throws: `OperandError` when it is left out.
    func required<Input>(_ index: Int) throws(OperandError) -> Input where Element == Input? {
        guard let input = optional(index) else {
            throw OperandError(expected: "an input \(index)", found: "\(compactMap(\.self).count) inputs")
        }
        return input
    }

    /// An input that may be left out.
    func optional<Input>(_ index: Int) -> Input? where Element == Input? { index < count ? self[index] : nil }
}

extension Tensor {
    /// The most elements of a value whose extents are read from a file.
    static let largestCount = 1 << 28

    /// The elements as integers.
    ///
    /// - Throws: `OperandError` when they are not integers, or more than there are axes or indices to name.
    func integers() throws(OperandError) -> [Int] {
        guard !dtype.isFloatingPoint, rank <= 1 else {
            throw OperandError(expected: "a vector of integers", found: "\(self)")
        }
        return to(.int64).elements(as: Int64.self).map(Int.init)
    }

    /// The only element.
    ///
    /// - Throws: `OperandError` when there are several or none.
    func scalar() throws(OperandError) -> Double {
        guard count == 1 else { throw OperandError(expected: "one number", found: "\(self)") }
        return item
    }

    /// The only element, as an integer.
    ///
    /// - Throws: `OperandError` when there are several or none, or it is no integer.
    func integer() throws(OperandError) -> Int {
        guard count == 1, !dtype.isFloatingPoint else {
            throw OperandError(expected: "one integer", found: "\(self)")
        }
        return Int(to(.int64).elements(as: Int64.self)[0])
    }

    /// An axis counted from the first.
    ///
    /// - Throws: `OperandError` when there is no such axis.
    func axis(_ axis: Int) throws(OperandError) -> Int { try Graphs.axis(axis, of: rank) }

    /// Several distinct axes counted from the first.
    ///
    /// - Throws: `OperandError` when one does not exist, or comes twice.
    func axes(_ axes: [Int]) throws(OperandError) -> [Int] { try Graphs.axes(axes, of: rank) }

    /// The tensor, provided that it has at least `rank` axes.
    func requiringRank(atLeast rank: Int) throws(OperandError) -> Tensor {
        guard self.rank >= rank else { throw OperandError(expected: "at least \(rank) axes", found: "\(self)") }
        return self
    }
}

/// An axis of `rank`, counted from the first.
///
/// - Throws: `OperandError` when there is no such axis.
func axis(_ axis: Int, of rank: Int) throws(OperandError) -> Int {
    guard (-rank..<rank).contains(axis) else { throw OperandError(expected: "an axis of \(rank)", found: "\(axis)") }
    return axis < 0 ? axis + rank : axis
}

/// Several distinct axes of `rank`, counted from the first.
///
/// - Throws: `OperandError` when one does not exist, or comes twice.
func axes(_ axes: [Int], of rank: Int) throws(OperandError) -> [Int] {
    var result: [Int] = []
    for value in axes {
        let counted = try axis(value, of: rank)
        guard !result.contains(counted) else { throw OperandError(expected: "distinct axes", found: "\(axes)") }
        result.append(counted)
    }
    return result
}

/// A shape, provided that a tensor of it may be made; extents of zero do not excuse others that are too large.
///
/// - Throws: `OperandError` when an extent is negative or there are too many elements.
@discardableResult func checkedShape(_ shape: [Int]) throws(OperandError) -> [Int] {
    var count = 1
    for size in shape {
        let (product, overflow) = count.multipliedReportingOverflow(by: max(size, 1))
        guard size >= 0, !overflow, product <= Tensor.largestCount else {
            throw OperandError(expected: "a shape of at most \(Tensor.largestCount) elements", found: "\(shape)")
        }
        count = product
    }
    return shape
}

extension Node {
    /// Checks that the inputs that the operator cannot do without are there, and that there are not too many.
    ///
    /// - Throws: ``GraphError/inputs(node:expected:found:)`` otherwise.
    func requireInputs(_ counts: ClosedRange<Int>) throws(GraphError) {
        let isComplete = inputs.count >= counts.lowerBound && !inputs.prefix(counts.lowerBound).contains(nil)
        guard isComplete, inputs.count <= counts.upperBound else {
            let expected =
                counts.count == 1 ? "\(counts.lowerBound)" : "\(counts.lowerBound) to \(counts.upperBound)"
            throw GraphError.inputs(
                node: label, expected: "\(expected) inputs", found: "\(inputs.compactMap(\.self).count)")
        }
    }

    /// Which of several operations that differ in a formula the node is.
    ///
    /// - Throws: ``GraphError/unknownOperator(_:)`` when it is none of them.
    func operation<Operation: RawRepresentable<String>>(
        among _: Operation.Type
    ) throws(GraphError) -> Operation {
        guard let result = Operation(rawValue: operation) else { throw GraphError.unknownOperator(operation) }
        return result
    }

    /// A setting that is 0 or 1.
    func truth(_ name: String, default absent: Bool) throws(GraphError) -> Bool {
        try integer(name, default: absent ? 1 : 0) != 0
    }

    /// Reports a setting that the operator does not allow.
    func refused(_ name: String, expected: String) -> GraphError {
        GraphError.attribute(name, node: label, expected: expected)
    }
}
