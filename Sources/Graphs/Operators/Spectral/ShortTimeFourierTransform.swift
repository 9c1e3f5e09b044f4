import Torch

/// The discrete Fourier transforms of a signal's frames, each multiplied with a window.
///
/// - Input: signals `[batch, length, 1]` of real or `[batch, length, 2]` of complex numbers; the step from one frame to
///   the next; the window `[frame]`; the length of a frame.
/// - Output: `[batch, frames, frequencies, 2]`.
struct ShortTimeFourierTransform: Operator {
    static let names = ["STFT"]

    /// Whether frequencies that follow from the others are left out.
    let isOneSided: Bool

    init(_ node: Node) throws(GraphError) {
        try node.requireInputs(2...4)
        isOneSided = try node.truth("onesided", default: true)
    }

    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let (x, window) = (try inputs.required(0), inputs.optional(2))
        let frames = try frames(
            of: x.shape, step: inputs.required(1), window: window?.shape, length: inputs.optional(3))
        let isReal = x.size(2) == 1
        let signal = try isReal ? aten("squeeze.dim", x, -1) : aten("view_as_complex", aten("contiguous", x))
        var cut = try aten("unfold", signal, 1, frames.length, frames.step)
        if let window { cut = try aten("mul.Tensor", cut, window) }
        if isOneSided, isReal { return [try aten("view_as_real", aten("fft_rfft", cut))] }
        let all = try aten("view_as_real", aten("fft_fft", cut))
        return [isOneSided ? try aten("narrow", all, 2, 0, frames.length / 2 + 1) : all]
    }

    private func frames(
        of shape: [Int], step: Tensor, window: [Int]?, length given: Tensor?
    ) throws -> (count: Int, length: Int, step: Int) {
        guard shape.count == 3, shape[2] == 1 || shape[2] == 2 else {
            throw OperandError(expected: "signals of real or complex numbers", found: "\(shape)")
        }
        let step = try step.integer()
        let length = try given?.integer() ?? window?.first ?? shape[1]
        guard step > 0, (1...max(1, shape[1])).contains(length), length <= shape[1], window ?? [length] == [length]
        else {
            throw OperandError(
                expected: "frames within \(shape[1]) elements", found: "\(length) with a step of \(step)")
        }
        let count = (shape[1] - length) / step + 1
        try checkedShape([shape[0], count, length, 2])
        return (count, length, step)
    }
}

extension ShortTimeFourierTransform {
    /// Samples pass through; positions in the signal and in the window are told apart.
    func label(_ inputs: [Value?], in labelling: inout Labelling) throws -> [Value] {
        let (x, window) = (try inputs.required(0), inputs.optional(2))
        let frames = try frames(
            of: x.shape, step: inputs.required(1).known(), window: window?.shape, length: inputs.optional(3)?.known())
        labelling.fix(Array(x.axes.dropFirst()) + (window?.axes ?? []))
        let frequencies = isOneSided ? frames.length / 2 + 1 : frames.length
        return [Value([x.axes[0]] + [frames.count, frequencies, 2].map(Label.fixed))]
    }
}
