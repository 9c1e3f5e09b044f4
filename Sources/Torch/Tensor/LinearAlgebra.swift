internal import CTorch

/// The matrix product over the last two axes, broadcasting the others.
public func matmul(_ a: Tensor, _ b: Tensor) -> Tensor { Tensor { libtorch.matmul(a.raw, b.raw, $0) } }

/// `x · weight + bias` along the last axis.
///
/// - Input: `x` `[…, inputs]`, `weight` `[inputs, outputs]`, `bias` `[outputs]`.
/// - Output: `[…, outputs]`.
public func affine(_ x: Tensor, weight: Tensor, bias: Tensor) -> Tensor {
    Tensor { libtorch.affine(x.raw, weight.raw, bias.raw, $0) }
}

/// `weight · x + bias` with a weight and a bias of its own for each sample.
///
/// - Input: `x` `[samples, inputs, columns]`, `weight` `[samples, outputs, inputs]`, `bias` `[samples, outputs]`.
/// - Output: `[samples, outputs, columns]`.
public func batchedAffine(_ x: Tensor, weight: Tensor, bias: Tensor) -> Tensor {
    Tensor { libtorch.batched_affine(x.raw, weight.raw, bias.raw, $0) }
}

/// The mean over the batch of `−log softmax(logits)[label]`.
///
/// - Input: `logits` `[batch, classes]`, `labels` int64 `[batch]`; `smoothing` spreads that part of each label evenly.
/// - Output: a scalar.
public func crossEntropy(_ logits: Tensor, _ labels: Tensor, smoothing: Double = 0) -> Tensor {
    Tensor { libtorch.cross_entropy(logits.raw, labels.raw, smoothing, $0) }
}

/// The mean of `−y log σ(z) − (1 − y) log(1 − σ(z))` over logits `z` and probabilities `y`, as a scalar.
///
/// - Traps: when the shapes differ.
public func binaryCrossEntropy(_ logits: Tensor, _ probabilities: Tensor) -> Tensor {
    precondition(
        logits.shape == probabilities.shape, "expected equal shapes, got \(logits.shape) and \(probabilities.shape)")
    // max(z, 0) − yz + log(1 + e^−|z|), in which no exponential overflows.
    return (relu(logits) - logits * probabilities + log(exp(-logits.magnitude) + 1)).mean
}

/// The mean of `(a − b)²`, as a scalar.
///
/// - Traps: when the shapes differ, for `[n]` and `[n, 1]` would broadcast to `[n, n]`.
public func meanSquaredError(_ a: Tensor, _ b: Tensor) -> Tensor {
    precondition(a.shape == b.shape, "expected equal shapes, got \(a.shape) and \(b.shape)")
    return (a - b).squared.mean
}
