import Synchronization
import Torch
import WeightSpaces

/// A numerical proof that permutation groups leave a network's function alone, and that the proof can fail.
public struct Certificate: Sendable {
    /// How far the outputs moved when weights were permuted.
    public struct Finding: Sendable {
        /// What was permuted.
        public let subject: String
        /// The largest difference of an output, relative to the largest output.
        public let error: Double
    }

    /// One finding per group of the weight space, in its order: zero but for rounding.
    public let groups: [Finding]
    /// For each group, how far the outputs moved when one of its weights was permuted alone or, where that changes nothing,
    /// when all of them were disturbed.
    public let influences: [Finding]
    /// Permutations of fixed axes, which belong to no group, of weights that the outputs depend on.
    public let fixedControls: [Finding]
    /// The shapes of the inputs on which the network was evaluated.
    public let inputShapes: [String: [Int]]

    /// The largest error of a group that counts as rounding, in float64.
    public static let tolerance = 1e-9
    /// The smallest change of the outputs that counts as one.
    public static let noticeableChange = 1e-6

    /// The numbers of the groups that do not leave the outputs alone.
    public var failures: [Int] { groups.indices.filter { !(groups[$0].error <= Self.tolerance) } }
    /// The numbers of the groups on whose weights no output depends, whatever becomes of them.
    public var idleGroups: [Int] { influences.indices.filter { !(influences[$0].error >= Self.noticeableChange) } }
    /// Changes that belong to no group, of which every one changed the outputs: of the weights of the group that matters
    /// most, and of fixed axes.
    public var controls: [Finding] {
        let strongest = influences.max { $0.error < $1.error }
        return [strongest].compactMap(\.self).filter { $0.error >= Self.noticeableChange } + fixedControls
    }
    /// Whether every group passed, and permutations outside of the groups were noticed.
    public var holds: Bool { failures.isEmpty && !controls.isEmpty }

    /// Evaluates a network in float64 before and after a random permutation of each group.
    ///
    /// Large inputs are cut to what shows the same symmetries.
    ///
    /// - Parameters:
    ///   - begin: told after the first evaluation how long one takes, and how many there will be.
    ///   - progress: told after each evaluation how many of how many are done.
    /// - Throws: `GraphError` when the network cannot be computed.
    public init(
        of network: Network, _ symmetries: NetworkSymmetries, seed: UInt64 = 0,
        begin: ((_ evaluation: Duration, _ count: Int) -> Void)? = nil,
        progress: (@Sendable (_ done: Int, _ all: Int) -> Void)? = nil
    ) throws {
        var random = RandomSource(seed: seed)
        let network = try network.withSmallInputs()
        let evaluation = try NetworkEvaluation(network, symmetries, using: &random)
        let trials = symmetries.groupTrials(using: &random)
        let disturbances = symmetries.disturbances(using: &random)
        let fixed = symmetries.fixedTrials(of: evaluation.parameters, using: &random)
        let count = 2 * trials.count + min(fixed.count, Self.fixedControlCount)
        begin?(evaluation.duration, count)
        let done = Atomic(0)
        let report = { @Sendable () in
            let new = done.wrappingAdd(1, ordering: .relaxed).newValue
            progress?(min(new, count), count)
        }
        let findings = try evaluation.map(trials.count) { number throws(any Error) in
            let error = try evaluation.change(under: trials[number])
            report()
            var influence = Finding(subject: disturbances[number][0].subject, error: 0)
            for trial in disturbances[number] where influence.error < Self.noticeableChange {
                influence = Finding(subject: trial.subject, error: try evaluation.change(under: trial))
            }
            report()
            return (Finding(subject: trials[number].subject, error: error), influence)
        }
        var controls: [Finding] = []
        for trial in fixed {
            if controls.count == Self.fixedControlCount { break }
            let change = try evaluation.change(under: trial)
            if change >= Self.noticeableChange {
                controls.append(Finding(subject: trial.subject, error: change))
                report()
            }
        }
        groups = findings.map(\.0)
        influences = findings.map(\.1)
        fixedControls = controls
        inputShapes = network.inputShapes
    }

    /// How many fixed axes are permuted with effect.
    private static let fixedControlCount = 2
}
