/// Some samples of a batch, computed together on one thread.
public struct BatchPart: Hashable, Sendable {
    /// Counts the parts of a batch.
    public let number: Int
    /// The samples, by their places in the batch.
    public let samples: Range<Int>

    /// The parts of a batch of `count` samples, in order: of nearly equal size, at most `largest`, and two, four, eight or
    /// more of them, so that cores share them evenly.
    public static func parts(of count: Int, largest: Int) -> [BatchPart] {
        precondition(largest > 0, "expected parts of at least one sample, got \(largest)")
        var parts = 2
        while parts * largest < count { parts *= 2 }
        parts = min(parts, count)
        return (0..<parts).map { BatchPart(number: $0, samples: $0 * count / parts..<($0 + 1) * count / parts) }
    }
}

/// The mean loss over a batch and its gradient for every parameter, in visiting order.
///
/// Parts of the batch are computed beside each other, one thread for each, so that no operator waits for a busy core and
/// the result is the same on any number of cores.
///
/// - Parameter loss: the mean loss over the samples of one part, a scalar.
/// - Throws: what `loss` throws; then no further part is begun.
public func meanLossWithGradients<Model: Module, Failure: Error>(
    of model: Model, over parts: [BatchPart], _ loss: @Sendable (Model, BatchPart) throws(Failure) -> Tensor
) throws(Failure) -> (value: Double, gradients: [Gradient]) {
    let count = parts.reduce(0) { $0 + $1.samples.count }
    let sum = GradientSum(for: model, parts: parts.count)
    let losses = try Runtime.concurrentMap(parts.count) { index throws(Failure) in
        let share = Double(parts[index].samples.count) / Double(count)
        let loss = try loss(sum.variables(of: model, part: index), parts[index]) * share
        sum.add(gradientsOf: [loss], part: index)
        return loss.detached.item
    }
    return (losses.reduce(0, +), sum.takeTotal())
}
