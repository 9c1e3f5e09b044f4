internal import Torch

/// Percentile bootstrap over training runs: runs are drawn with replacement, each with all of its networks, because the
/// checkpoints of one run are no independent observations.
///
/// - Source: Efron and Tibshirani 1993, "An Introduction to the Bootstrap", chapters 8 and 13.
public struct RunBootstrap: Sendable {
    /// The places of each run's networks.
    private let places: [[Int]]
    /// What each resample draws from.
    private let sources: [RandomSource]

    /// - Parameter runs: the run of each network.
    public init(runs: [Int], resamples: Int = 1000, seed: UInt64 = 0) {
        let byRun = Dictionary(grouping: runs.indices) { runs[$0] }
        places = byRun.sorted { $0.key < $1.key }.map(\.value)
        var random = RandomSource(seed: seed)
        sources = (0..<resamples).map { _ in random.split() }
    }

    /// Where 95 of 100 resamples have a statistic, which is given the places of the networks drawn; nil where it is not
    /// defined for any.
    public func interval(of statistic: @Sendable ([Int]) -> Double?) -> ClosedRange<Double>? {
        if places.isEmpty { return nil }
        let drawn = Runtime.concurrentMap(sources.count) { index in
            var random = sources[index]
            return statistic(places.indices.flatMap { _ in places[Int.random(in: places.indices, using: &random)] })
        }
        let values = drawn.compactMap(\.self).sorted()
        return values.isEmpty ? nil : values.quantile(0.025)...values.quantile(0.975)
    }
}

extension [Double] {
    /// A quantile of sorted numbers, linear between neighbours.
    fileprivate func quantile(_ part: Double) -> Double {
        let position = part * Double(count - 1)
        let (lower, upper) = (self[Int(position)], self[Swift.min(Int(position) + 1, count - 1)])
        return lower + (upper - lower) * (position - position.rounded(.down))
    }
}
