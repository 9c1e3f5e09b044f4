public import Torch

extension ClassifierArchitecture {
    /// The logarithms, up to a constant, of each class's probability; differentiable in the parameters.
    ///
    /// - Input: `parameters` in the order of ``parameterNames``; `images` `[images, channels, height, width]`, of which
    ///   an MLP reads all pixels of all channels in a row.
    /// - Output: `[images, classes]`.
    /// - Traps: when a shape does not belong to the architecture.
    public func logits(parameters: [Tensor], images: Tensor) -> Tensor {
        logits(parameters: parameters, images: images) { $0 }
    }

    /// The logits where `change` is made to what each hidden layer computes, `[images, neurons]` or
    /// `[images, channels, height, width]`, before a skip is added.
    func logits(parameters: [Tensor], images: Tensor, changing change: (Tensor) -> Tensor) -> Tensor {
        requireShapes(parameters, images)
        var hidden = images.reshaped([images.size(0)] + imageShape)
        for (layer, convolution) in convolutions.enumerated() {
            let output = change(
                activation(convolution(hidden, weight: parameters[2 * layer], bias: parameters[2 * layer + 1])))
            hidden = convolution.hasSkip ? hidden + output : output
        }
        if !convolutions.isEmpty { hidden = hidden.mean([2, 3]) }
        for (layer, index) in zip(dense.indices, convolutions.count...) {
            let (weight, bias) = (parameters[2 * index], parameters[2 * index + 1])
            hidden = affine(hidden, weight: weight.permuted([1, 0]), bias: bias)
            if layer < dense.count - 1 { hidden = change(activation(hidden)) }
        }
        return hidden
    }

    private func requireShapes(_ parameters: [Tensor], _ images: Tensor) {
        let shapes = parameterShapes
        let found = parameters.map(\.shape)
        precondition(found == shapes, "expected parameters of shapes \(shapes), got \(found)")
        precondition(
            images.rank > 1 && accepts(imagesOf: Array(images.shape.dropFirst())),
            "expected images of shape \(imageShape), got \(images.shape.dropFirst())")
    }

    /// Whether images of a shape can be read: of as many pixels, where there are no convolutions.
    func accepts(imagesOf shape: [Int]) -> Bool {
        convolutions.isEmpty ? shape.reduce(1, *) == imageShape[0] : shape == imageShape
    }
}

extension ClassifierArchitecture.Convolution {
    /// - Input: `x` `[images, inputs, height, width]`, `weight` `[channels, inputs, kernel, kernel]`, `bias` `[channels]`.
    /// - Output: `[images, channels, height, width]`, the sides as ``side(after:)`` says.
    fileprivate func callAsFunction(_ x: Tensor, weight: Tensor, bias: Tensor) -> Tensor {
        fitting { () throws(DispatchError) in
            try aten("conv2d", x, weight, bias, [stride, stride], [zeros, zeros])
        }
    }
}
