import Torch

/// The discrete Fourier transform along one axis, or its inverse.
///
/// - Input: `x` `[…, 1]` of real or `[…, 2]` of complex numbers; how many elements are transformed; since version 20,
///   the axis.
/// - Output: `[…, 2]`, or `[…, 1]` where the inverse is taken of one half of the frequencies.
struct FourierTransform: Operator {
    static let names = ["DFT"]

    /// The axis, where it is a setting.
    let axis: Int?
    let isInverse: Bool
    /// Whether frequencies that follow from the others are left out.
    let isOneSided: Bool

    init(_ node: Node) throws(GraphError) {
        axis = node.version < 20 ? try node.integer("axis", default: 1) : nil
        try node.requireInputs(1...(axis == nil ? 3 : 2))
        isInverse = try node.truth("inverse", default: false)
        isOneSided = try node.truth("onesided", default: false)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let x = try inputs.required(0)
        let (axis, count) = try extent(of: x.shape, length: inputs.optional(1), axis: inputs.optional(2))
        let isReal = x.size(-1) == 1
        let signal = try isReal ? aten("squeeze.dim", x, -1) : aten("view_as_complex", aten("contiguous", x))
        switch (isInverse, isOneSided) {
        case (true, true): return [try aten("unsqueeze", aten("fft_irfft", signal, count, axis), -1)]
        case (true, false): return [try aten("view_as_real", aten("fft_ifft", signal, count, axis))]
        case (false, true) where isReal: return [try aten("view_as_real", aten("fft_rfft", signal, count, axis))]
        case (false, _):
            let all = try aten("view_as_real", aten("fft_fft", signal, count, axis))
            return [isOneSided ? try aten("narrow", all, axis, 0, count / 2 + 1) : all]
        }
    }

    /// The axis, and how many elements of it are transformed, or come out where the inverse is taken of one half.
    private func extent(of shape: [Int], length: Tensor?, axis given: Tensor?) throws -> (axis: Int, count: Int) {
        guard let last = shape.last, last == 1 || last == 2 else {
            throw OperandError(expected: "real or complex numbers along the last axis", found: "\(shape)")
        }
        let axis = try Graphs.axis(self.axis ?? given?.integer() ?? -2, of: shape.count)
        guard axis < shape.count - 1 else { throw OperandError(expected: "an axis of the signal", found: "the last") }
        let natural = isInverse && isOneSided ? 2 * (shape[axis] - 1) : shape[axis]
        let count = try length?.integer() ?? natural
        guard count > 0, count <= Tensor.largestCount else {
            throw OperandError(expected: "a length from 1 to \(Tensor.largestCount)", found: "\(count)")
        }
        var result = shape
        (result[axis], result[shape.count - 1]) = (count, 2)
        try checkedShape(result)
        return (axis, count)
    }
}

extension FourierTransform {
    /// Positions along the axis are told apart, and so are real and imaginary parts; the others pass through.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        var axes = try inputs.required(0).axes
        let (axis, count) = try extent(
            of: axes.map(\.size), length: inputs.optional(1)?.known(), axis: inputs.optional(2)?.known())
        labelling.fix([axes[axis], axes[axes.count - 1]])
        axes[axis] = .fixed(isOneSided && !isInverse ? count / 2 + 1 : count)
        axes[axes.count - 1] = .fixed(isOneSided && isInverse ? 1 : 2)
        return [Value(axes)]
    }
}
