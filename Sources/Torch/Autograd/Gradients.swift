internal import CTorch

extension Tensor {
    /// The same elements, cut off from the computation that made them.
    public var detached: Tensor { Tensor { libtorch.detached(raw, false, $0) } }

    /// The same elements as a variable that ``gradients(of:withRespectTo:)`` can name.
    public var asVariable: Tensor { Tensor { libtorch.detached(raw, true, $0) } }

    /// Whether the value depends on a variable.
    public var requiresGradient: Bool { libtorch.requires_gradient(raw) }
}

/// `∂output/∂input` for each input; zero where the output does not depend on it.
///
/// - Input: a scalar, and variables (``Tensor/asVariable``) that it was computed from.
/// - Output: one tensor per input, of its shape.
/// - Traps: when the output depends on no variable, or its computation was differentiated before: intermediate values
///   are given back as soon as they have been used.
public func gradients(of output: Tensor, withRespectTo inputs: [Tensor]) -> [Tensor] {
    gradients(of: [output], weightedBy: [], withRespectTo: inputs)
}

/// The gradient of `Σ weight · output` for each input, without computing that sum; zero where it depends on none.
///
/// - Input: outputs, a constant of the same shape for each or none for scalars, and variables that the outputs were
///   computed from.
/// - Output: one tensor per input, of its shape.
/// - Traps: when a weight does not fit, an output depends on no variable, or was differentiated before.
public func gradients(
    of outputs: [Tensor], weightedBy weights: [Tensor], withRespectTo inputs: [Tensor]
) -> [Tensor] {
    requireDifferentiable(outputs, weights)
    var raw = [ct_tensor?](repeating: nil, count: inputs.count)
    checked { error in
        withTensors(outputs) { outputs in
            withTensors(weights) { weights in
                withTensors(inputs) { libtorch.gradients(outputs, weights, $0, &raw, error) }
            }
        }
    }
    return zip(raw, inputs).map { raw, input in
        raw.map(Tensor.init(owning:)) ?? .zeros(input.shape, dtype: input.dtype, on: input.device)
    }
}

/// Traps unless gradients of `Σ weight · output`, or without weights of scalars, can be taken.
func requireDifferentiable(_ outputs: [Tensor], _ weights: [Tensor]) {
    if weights.isEmpty {
        let shapes = outputs.map(\.shape)
        precondition(outputs.allSatisfy { $0.count == 1 }, "expected scalar outputs, got shapes \(shapes)")
    } else {
        precondition(
            outputs.map(\.shape) == weights.map(\.shape),
            "expected weights of shapes \(outputs.map(\.shape)), got \(weights.map(\.shape))")
    }
    precondition(
        outputs.allSatisfy(\.requiresGradient), "expected an output computed from variables, outside withoutGradients")
}

/// Runs `body` without recording it for gradients, which saves its intermediate values.
public func withoutGradients<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
    let enabled = libtorch.gradient_mode()
    libtorch.set_gradient_mode(false)
    defer { libtorch.set_gradient_mode(enabled) }
    return try body()
}
