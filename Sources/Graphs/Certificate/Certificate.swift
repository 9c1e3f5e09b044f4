import Synchronization
import Torch
import WeightSpaces

/// A numerical proof that permutation groups leave a network's function alone, and that the proof can fail.
public struct Certificate: Sendable {
    /// How far the outputs moved when a group was permuted.
    public struct Finding: Sendable {
        /// What was permuted.
        public let subject: String
        /// The largest difference of an output, relative to the largest output.
        public let error: Double
    }

    /// One finding per group of the weight space, in its order: zero but for rounding.
    public let groups: [Finding]
    /// Permutations that belong to no group: the outputs must move.
    public let controls: [Finding]

    /// The largest error of a group that counts as rounding, in float64.
    public static let tolerance = 1e-9
    /// The smallest change of the outputs that counts as one.
    public static let noticeableChange = 1e-6

    /// The numbers of the groups that do not leave the outputs alone.
    public var failures: [Int] { groups.indices.filter { !(groups[$0].error <= Self.tolerance) } }
    /// Whether every group passed, and every permutation outside of the groups was noticed.
    public var holds: Bool {
        failures.isEmpty && !controls.isEmpty && controls.allSatisfy { $0.error >= Self.noticeableChange }
    }

    /// Evaluates a network in float64 before and after a random permutation of each group.
    ///
    /// - Parameter progress: told after each evaluation how many of how many are done.
    /// - Throws: `GraphError` when the network cannot be computed.
    public init(
        of network: Network, _ symmetries: NetworkSymmetries, seed: UInt64 = 0,
        progress: (@Sendable (_ done: Int, _ all: Int) -> Void)? = nil
    ) throws {
        var random = RandomSource(seed: seed)
        let evaluation = try NetworkEvaluation(network, bounds: symmetries.indexBounds, using: &random)
        let trials = symmetries.groupTrials(using: &random)
        let all = trials + symmetries.controlTrials(of: evaluation.parameters, using: &random)
        let done = Atomic(0)
        let findings = try Runtime.concurrentMap(all.count) { index throws(any Error) in
            let error = try evaluation.change(under: all[index])
            progress?(done.wrappingAdd(1, ordering: .relaxed).newValue, all.count)
            return Finding(subject: all[index].subject, error: error)
        }
        groups = Array(findings.prefix(trials.count))
        controls = Array(findings.dropFirst(trials.count))
    }
}
