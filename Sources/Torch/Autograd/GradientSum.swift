internal import CTorch

/// The gradients of a loss for the parameters of a module, summed over the parts of a batch.
///
/// What a part contributes is added as soon as it is known, so that there is one set of gradients however many parts
/// there are; in the order of the parts, so that the sum is the same on any number of threads. Only what comes before its
/// turn is kept apart until then.
public final class GradientSum: @unchecked Sendable {
    private let raw: ct_gradient_sum
    private let parameters: [Tensor]

    /// Zero, before any of `parts` parts has contributed.
    public init(for model: some Module, parts: Int) {
        parameters = model.parameters.map(\.value)
        guard let raw = checked({ [count = parameters.count] in libtorch.gradient_sum_create(count, parts, $0) })
        else { fatalError("libtorch returned no sum") }
        self.raw = raw
    }

    deinit { libtorch.gradient_sum_release(raw) }

    /// The module with variables for parameters, for the computation of one part; only
    /// ``add(gradientsOf:weightedBy:part:)`` differentiates them.
    ///
    /// - Traps: when the module has more parameters than that of the sum, or the part has contributed.
    public func variables<Model: Module>(of model: Model, part: Int) -> Model {
        var index = 0
        return model.mapParameters { parameter in
            defer { index += 1 }
            return Tensor { libtorch.contributing(parameter.raw, raw, index, part, $0) }
        }
    }

    /// Adds the gradients of `Σ weight · output`, computed with the variables of one part; of a scalar without weights.
    ///
    /// Every part contributes once, and gives back its intermediate values as it goes.
    ///
    /// - Traps: when a weight does not fit, or an output depends on no variable.
    public func add(gradientsOf outputs: [Tensor], weightedBy weights: [Tensor] = [], part: Int) {
        requireDifferentiable(outputs, weights)
        checked { error in
            withTensors(outputs) { outputs in
                withTensors(weights) { libtorch.add_gradients(outputs, $0, raw, part, error) }
            }
        }
    }

    /// Takes out the sums, in visiting order, once all parts have contributed.
    public func takeTotal() -> [Gradient] {
        parameters.enumerated().map { index, parameter in
            var raw: [ct_tensor?] = [nil, nil]
            checked { libtorch.gradient_total(self.raw, index, &raw, $0) }
            guard let left = raw[0].map(Tensor.init(owning:)) else {
                return .whole(.zeros(parameter.shape, dtype: parameter.dtype, on: parameter.device))
            }
            return raw[1].map { .product(left: left, right: Tensor(owning: $0)) } ?? .whole(left)
        }
    }
}
