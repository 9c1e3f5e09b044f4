/// Some samples of a batch, computed together on one thread.
public struct BatchPart: Hashable, Sendable {
    /// Counts the parts of a batch.
    public let number: Int
    /// The samples, by their places in the batch.
    public let samples: Range<Int>

    /// Few enough for their features to stay in a core's cache, enough to keep products large.
    private static var largest: Int { 16 }

    /// The parts of a batch of `count` samples, in order.
    public static func parts(of count: Int) -> [BatchPart] {
        stride(from: 0, to: count, by: largest).enumerated().map { number, first in
            BatchPart(number: number, samples: first..<min(first + largest, count))
        }
    }
}

/// The mean loss over a batch, and its gradient for every parameter in visiting order.
///
/// Parts of the batch are computed beside each other, one thread for each, so that no operator waits for a busy core and
/// the result is the same on any number of cores.
///
/// - Parameters:
///   - count: the samples in the batch.
///   - loss: the mean loss over the samples of one part, a scalar.
public func meanLossWithGradients<Model: Module>(
    of model: Model, batch count: Int, _ loss: @Sendable (Model, BatchPart) -> Tensor
) -> (value: Double, gradients: [Tensor]) {
    let parts = BatchPart.parts(of: count)
    let results = Runtime.concurrentMap(parts.count) { index in
        let share = Double(parts[index].samples.count) / Double(count)
        return valueWithGradients(of: model) { loss($0, parts[index]) * share }
    }
    let gradients = results.dropFirst().reduce(results[0].gradients) { sums, result in
        zip(sums, result.gradients).map { $0 + $1 }
    }
    return (results.reduce(0) { $0 + $1.value.item }, gradients)
}
