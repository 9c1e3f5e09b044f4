/// A partition of a block's permuted axes into classes that carry one label each.
///
/// A class of several axes stands for their diagonal: entries whose indices along those axes agree.
public struct AxisPartition: Hashable, Sendable {
    /// The axes of each class, ascending; classes in order of their first axis.
    public let classes: [[Int]]

    /// Whether every axis is a class of its own.
    var isTrivial: Bool { classes.allSatisfy { $0.count == 1 } }

    /// All partitions of axes with these labels, the trivial one first.
    static func all(of labels: [Int]) -> [AxisPartition] {
        var partitions: [[[Int]]] = [[]]
        for (axis, label) in labels.enumerated() {
            partitions = partitions.flatMap { classes in
                let joined = classes.indices.filter { labels[classes[$0][0]] == label }.map { index in
                    var classes = classes
                    classes[index].append(axis)
                    return classes
                }
                return [classes + [[axis]]] + joined
            }
        }
        return partitions.map(AxisPartition.init(classes:))
    }
}
