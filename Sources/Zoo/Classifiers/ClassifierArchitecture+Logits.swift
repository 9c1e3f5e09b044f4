public import Torch

extension ClassifierArchitecture {
    /// The logarithms, up to a constant, of each class's probability; differentiable in the parameters.
    ///
    /// - Input: `parameters` in the order of ``parameterNames``; `images` `[images, channels, height, width]`, of which
    ///   an MLP reads all pixels of all channels in a row.
    /// - Output: `[images, classes]`.
    /// - Traps: when a shape does not belong to the architecture.
    public func logits(parameters: [Tensor], images: Tensor) -> Tensor {
        logits(ofNetworks: parameters.map { $0.expandingAxis(0) }, images: images).reshaped([-1, classes])
    }

    /// The logits of several networks for the same images, all networks in one product of each layer.
    ///
    /// - Input: `parameters` in the order of ``parameterNames``, `[networks, …]`; `images` as for one network.
    /// - Output: `[networks, images, classes]`.
    /// - Traps: when a shape does not belong to the architecture.
    public func logits(ofNetworks parameters: [Tensor], images: Tensor) -> Tensor {
        requireShapes(parameters, images)
        let (networks, count) = (parameters[0].size(0), images.size(0))
        var hidden = images.reshaped([count] + imageShape)
        var isShared = true
        for (layer, convolution) in convolutions.enumerated() {
            if isShared, convolution.hasSkip {
                hidden = concatenate(Array(repeating: hidden, count: networks), axis: 1)
                isShared = false
            }
            let output = convolution(
                hidden, weight: parameters[2 * layer], bias: parameters[2 * layer + 1], groups: isShared ? 1 : networks)
            hidden = convolution.hasSkip ? hidden + activation(output) : activation(output)
            isShared = false
        }
        if !convolutions.isEmpty {
            if head == .pool { hidden = hidden.mean([2, 3]) }
            hidden = hidden.reshaped([count, networks, -1]).permuted([1, 2, 0])
        } else {
            hidden = hidden.permuted([1, 0]).expandingAxis(0).expanded([networks, imageShape[0], count])
        }
        for (layer, index) in zip(dense.indices, convolutions.count...) {
            hidden = batchedAffine(hidden, weight: parameters[2 * index], bias: parameters[2 * index + 1])
            if layer < dense.count - 1 { hidden = activation(hidden) }
        }
        return hidden.permuted([0, 2, 1])
    }

    private func requireShapes(_ parameters: [Tensor], _ images: Tensor) {
        let found = parameters.map(\.shape)
        let networks = found.first?.first ?? 0
        let shapes = parameterShapes.map { [networks] + $0 }
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
    /// - Input: `x` `[images, groups · inputs, height, width]`, `weight` `[networks, channels, inputs, kernel, kernel]`,
    ///   `bias` `[networks, channels]`; one group where all networks read the same.
    /// - Output: `[images, networks · channels, height, width]`, the sides as ``side(after:)`` says.
    fileprivate func callAsFunction(_ x: Tensor, weight: Tensor, bias: Tensor, groups: Int) -> Tensor {
        let weight = weight.reshaped([-1] + weight.shape.dropFirst(2))
        return fitting { () throws(DispatchError) in
            try aten(
                "conv2d", x, weight, bias.reshaped([-1]), [stride, stride], [zeros, zeros], [1, 1], groups)
        }
    }
}
