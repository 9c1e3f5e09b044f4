/// Some samples of a batch, computed together on one thread.
public struct BatchPart: Hashable, Sendable {
    /// Counts the parts of a batch.
    public let number: Int
    /// The samples, by their places in the batch.
    public let samples: Range<Int>

    /// The parts of a batch of `count` samples, in order: at least two, so that two cores share it, and of at most
    /// `largest` samples.
    public static func parts(of count: Int, largest: Int) -> [BatchPart] {
        let size = max(1, min(largest, (count + 1) / 2))
        return stride(from: 0, to: count, by: size).enumerated().map { number, first in
            BatchPart(number: number, samples: first..<min(first + size, count))
        }
    }
}

/// The mean loss over a batch, and for each of its parts what it adds to the gradient for every parameter, in visiting
/// order; ``AdamW`` sums them.
///
/// Parts of the batch are computed beside each other, one thread for each, so that no operator waits for a busy core and
/// the result is the same on any number of cores.
///
/// - Parameter loss: the mean loss over the samples of one part, a scalar.
public func meanLossWithGradients<Model: Module>(
    of model: Model, over parts: [BatchPart], _ loss: @Sendable (Model, BatchPart) -> Tensor
) -> (value: Double, gradients: [[Tensor]]) {
    let count = parts.reduce(0) { $0 + $1.samples.count }
    let results = Runtime.concurrentMap(parts.count) { index in
        let share = Double(parts[index].samples.count) / Double(count)
        return valueWithGradients(of: model) { loss($0, parts[index]) * share }
    }
    return (results.reduce(0) { $0 + $1.value.item }, results.map(\.gradients))
}
