/// Something that matters to a network's symmetries and that its file does not say.
///
/// Where two readings of a file give different groups, the permutations are kept that are in all of them: the question is
/// *open*, and no group depends on its answer. What cannot be avoided that way is *supposed*: the groups hold if it is
/// true.
public struct Assumption: Hashable, Sendable {
    /// What can be stated in its place.
    public enum Subject: String, Hashable, Sendable, CaseIterable {
        case chain
        case flatten
        case normalization
    }

    /// What it is about.
    public let subject: Subject
    /// What is supposed, or what is open and costs groups; a part of a sentence.
    public let statement: String
    /// The layers that it is about.
    public let layers: [String]
    /// Whether groups hold whatever is true.
    public let isOpen: Bool
    /// What every reading has in common.
    let constraints: [AxisConstraint]

    /// Something that must be true for the groups to hold.
    static func supposed(_ subject: Subject, _ statement: String, layers: [String]) -> Assumption {
        Assumption(subject: subject, statement: statement, layers: layers, isOpen: false, constraints: [])
    }

    /// Something that may be so or otherwise, with groups that hold in both cases.
    static func open(
        _ subject: Subject, _ statement: String, layers: [String], _ constraints: [AxisConstraint]
    ) -> Assumption {
        Assumption(subject: subject, statement: statement, layers: layers, isOpen: true, constraints: constraints)
    }
}
