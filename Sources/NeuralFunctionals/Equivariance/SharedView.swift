internal import Torch

/// The same view of every block of one role: they share their rows or columns of a mixing matrix.
///
/// Where blocks share nothing, each is the only one of its role.
public struct SharedView: Hashable, Sendable {
    /// The views, one per repetition.
    public let views: [View]
    /// Which repetition each view belongs to.
    public let repetitions: [String]
    /// The channels of one view, fixed positions counted.
    public let width: Int

    /// Whether several blocks have the role.
    var isRepeated: Bool { views.count > 1 }

    /// The number of the view that belongs to a repetition.
    func index(of repetition: String) -> Int? { repetitions.firstIndex(of: repetition) }

    /// Which view of which role it is, apart from the names of groups.
    struct Key: Hashable {
        let pattern: String
        let partition: AxisPartition
        let classes: [Int]

        /// For files: `*.weight (#0, #1) [[0], [1]] [0]`.
        var name: String { "\(pattern) \(partition.classes) \(classes)" }
    }

    /// Views of one type sorted by their roles, in order of appearance.
    static func all(of views: [View], in space: FeatureSpace) -> [SharedView] {
        let keys = views.map { view in
            Key(pattern: space.blocks[view.block].role.pattern, partition: view.partition, classes: view.classes)
        }
        let members = Dictionary(grouping: views.indices) { keys[$0] }
        return views.indices.compactMap { index in
            guard let members = members[keys[index]], members[0] == index else { return nil }
            let blocks = members.map { space.blocks[views[$0].block] }
            precondition(
                blocks.allSatisfy { $0.width == blocks[0].width }, "\(keys[index].pattern): expected equal widths")
            return SharedView(
                views: members.map { views[$0] }, repetitions: blocks.map(\.role.repetition), width: blocks[0].width)
        }
    }
}

/// The mean of a role's views, one from each of its blocks.
func mean(_ views: [Tensor]) -> Tensor { views.dropFirst().reduce(views[0], +) / Double(views.count) }
