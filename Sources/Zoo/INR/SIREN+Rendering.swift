public import Torch

extension SIREN {
    /// The pictures that a batch of networks show, differentiable in the weights.
    ///
    /// - Input: `parameters` in the order of ``parameterNames`` with a leading batch axis, `[networks, outputs, inputs]`
    ///   and `[networks, outputs]`; `grid` `[pixels, 2]`, as from ``PixelGrid/coordinates(dtype:)``.
    /// - Output: `[networks, pixels, channels]`, colours in [−1, 1] whatever the ``Convention``.
    /// - Traps: when a shape does not belong to the architecture.
    public func render(_ parameters: [Tensor], at grid: Tensor) -> Tensor {
        requireShapes(of: parameters)
        precondition(grid.rank == 2 && grid.size(1) == widths[0], "expected [pixels, \(widths[0])], got \(grid.shape)")
        var hidden = firstLayer(weight: parameters[0], bias: parameters[1], convention.points(grid))
        for layer in 1..<layerCount {
            let (weight, bias) = (parameters[2 * layer], parameters[2 * layer + 1])
            let omega = layer == layerCount - 1 ? 1 : omega(ofLayer: layer)
            hidden = batchedAffine(hidden, weight: weight * omega, bias: bias * omega)
            if layer < layerCount - 1 { hidden = sin(hidden) }
        }
        return convention.signal(hidden.permuted([0, 2, 1]))
    }

    /// One product for the whole batch, since all networks see the same coordinates; `[networks, neurons, pixels]`.
    private func firstLayer(weight: Tensor, bias: Tensor, _ grid: Tensor) -> Tensor {
        let (networks, neurons, inputs) = (weight.size(0), weight.size(1), weight.size(2))
        let one = Tensor.ones([1, grid.size(0)], dtype: grid.dtype, on: grid.device)
        let points = concatenate([grid.permuted([1, 0]), one], axis: 0)
        let rows = concatenate([weight, bias.expandingAxis(-1)], axis: 2).reshaped([networks * neurons, inputs + 1])
        if layerCount == 1 { return matmul(rows, points).reshaped([networks, neurons, -1]) }
        return sin(matmul(rows * firstOmega, points)).reshaped([networks, neurons, -1])
    }

    private func requireShapes(of parameters: [Tensor]) {
        let shapes = parameterShapes
        precondition(parameters.count == shapes.count, "expected \(shapes.count) parameters, got \(parameters.count)")
        let networks = parameters[0].size(0)
        for (parameter, (name, shape)) in zip(parameters, zip(parameterNames, shapes)) {
            precondition(
                parameter.shape == [networks] + shape,
                "\(name): expected \([networks] + shape), got \(parameter.shape)")
        }
    }
}
