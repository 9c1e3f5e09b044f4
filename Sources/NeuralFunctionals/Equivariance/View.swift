/// The ordered tuple of group labels that a view keeps: what a projection and an injection must share to compose.
public struct ViewType: Hashable, Sendable {
    /// The labels, ascending.
    public let groups: [Int]

    /// The type of a view without axes: one value per channel.
    public static let scalar = ViewType(groups: [])
}

/// A way to look at a block: each class of a partition of its axes is either in the view or not.
///
/// As a *projection* it takes the diagonal over each class and averages over the classes that are not in the view.
/// As an *injection* it lays a view along its classes, on their diagonals, and repeats it along the others.
///
/// - Source: Zhou et al. 2024, arXiv:2402.05232, section 3.
public struct View: Hashable, Sendable {
    /// The block's number in its feature space.
    public let block: Int
    /// How the block's axes are tied.
    public let partition: AxisPartition
    /// The classes in the view, in the order of the view's axes.
    public let classes: [Int]
    /// The label of each axis of the view.
    public let type: ViewType

    /// All ways to lay a view into a block: labels ascending, ties in order of the classes.
    static func injections(into block: Int, labels: [Int]) -> [View] {
        AxisPartition.all(of: labels).flatMap { partition in
            let classLabels = partition.classes.map { labels[$0[0]] }
            return subsets(of: classLabels.count).map { kept in
                let classes = kept.sorted { (classLabels[$0], $0) < (classLabels[$1], $1) }
                return View(
                    block: block, partition: partition, classes: classes,
                    type: ViewType(groups: classes.map { classLabels[$0] }))
            }
        }
    }

    /// All ways to read a view from a block: the injections, and for labels that repeat in a view every order of them.
    static func projections(from block: Int, labels: [Int]) -> [View] {
        injections(into: block, labels: labels).flatMap { view in
            orders(of: view.classes, labels: view.type.groups).map {
                View(block: block, partition: view.partition, classes: $0, type: view.type)
            }
        }
    }

    private static func subsets(of count: Int) -> [[Int]] {
        (0..<1 << count).map { mask in (0..<count).filter { mask >> $0 & 1 == 1 } }
    }

    /// The arrangements of `classes` that leave the sequence of labels as it is.
    private static func orders(of classes: [Int], labels: [Int]) -> [[Int]] {
        guard let first = labels.first else { return [[]] }
        return classes.indices.filter { labels[$0] == first }.flatMap { index in
            var rest = classes
            let head = rest.remove(at: index)
            return orders(of: rest, labels: Array(labels.dropFirst())).map { [head] + $0 }
        }
    }
}
