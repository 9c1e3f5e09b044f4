internal import Torch

/// Reads views from one block, computing every mean once, from the smallest array that has it.
struct Projector {
    private struct Key: Hashable {
        let partition: AxisPartition
        /// The averaged classes, ascending.
        let averaged: [Int]
    }

    /// `[batch, permuted axes…, width]`; views of bfloat16 are float32.
    private let values: BlockValues
    private var means: [Key: Tensor] = [:]

    /// - Parameter known: the means of a block with two axes.
    init(_ values: BlockValues, known: MatrixMeans?) {
        self.values = values
        guard let known else { return }
        let matrix = AxisPartition(classes: [[0], [1]])
        means = [
            Key(partition: matrix, averaged: [1]): known.rows, Key(partition: matrix, averaged: [0]): known.columns,
        ]
    }

    /// - Output: `[batch, the view's axes…, width]`.
    mutating func callAsFunction(_ view: View) -> Tensor {
        let classes = view.partition.classes.indices
        let remaining = classes.filter { view.classes.contains($0) }
        let mean = mean(view.partition, averaged: classes.filter { !view.classes.contains($0) })
        let order = view.classes.compactMap { remaining.firstIndex(of: $0) }
        return mean.permuted([0] + order.map { $0 + 1 } + [order.count + 1])
    }

    /// The view, or where it is a scalar what it is the mean of: `[batch, n, width]`.
    mutating func unaveraged(_ view: View) -> Tensor {
        let classes = Array(view.partition.classes.indices)
        return view.classes.isEmpty && !classes.isEmpty
            ? mean(view.partition, averaged: classes.dropLast()) : self(view)
    }

    /// The mean over some classes: `[batch, the other classes…, width]`.
    private mutating func mean(_ partition: AxisPartition, averaged: [Int]) -> Tensor {
        let key = Key(partition: partition, averaged: averaged)
        if let known = means[key] { return known }
        let result: Tensor
        if let last = averaged.last {
            let earlier = averaged.dropLast()
            let axis = 1 + last - earlier.count
            result = mean(partition, averaged: Array(earlier)).mean([axis])
        } else {
            result = diagonals(partition)
        }
        means[key] = result
        return result
    }

    /// The entries whose indices agree within each class: `[batch, classes…, width]`.
    private mutating func diagonals(_ partition: AxisPartition) -> Tensor {
        if partition.isTrivial {
            let array = values.array
            return array.dtype == .bfloat16 ? array.to(.float32) : array
        }
        let axes = partition.classes.joined().sorted()
        let array = mean(AxisPartition(classes: axes.map { [$0] }), averaged: [])
        // The axes' present meaning, by the class that they index; -1 is the batch, -2 the channels.
        var classes = [-1] + [Int](repeating: 0, count: array.rank - 2) + [-2]
        for (index, axes) in partition.classes.enumerated() {
            for axis in axes { classes[axis + 1] = index }
        }
        var result = array
        for (index, axes) in partition.classes.enumerated() {
            for _ in axes.dropFirst() {
                let tied = classes.indices.filter { classes[$0] == index }
                result = result.diagonal(tied[0], tied[1])
                classes.remove(at: tied[1])
                classes.remove(at: tied[0])
                classes.append(index)
            }
        }
        let order = [-1] + Array(partition.classes.indices) + [-2]
        return result.permuted(order.compactMap { classes.firstIndex(of: $0) })
    }
}
