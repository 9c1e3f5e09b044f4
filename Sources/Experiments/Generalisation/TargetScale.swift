internal import Foundation

/// How the outputs of a model stand for what it predicts: each is the logit of the target's rank, the part of the training
/// networks whose targets are lower.
///
/// Ranks are spread evenly, however targets crowd and whatever their unit is, and their order is what τ measures. Between
/// training targets ranks are interpolated, and beyond the outermost continued.
public struct TargetScale: Hashable, Sendable, Codable {
    /// In each of so many parts of the order at most one training target is kept, beside the lowest.
    private static let parts = 512.0

    /// Training targets, strictly ascending.
    private let targets: [Double]
    /// Their ranks in `0...1`, networks with the same target counted half; strictly ascending.
    private let ranks: [Double]

    /// The scale of a population's targets, measured over the training networks.
    init(of population: WeightPopulation) {
        self.init(population.split.train.map { population.targets[$0] })
    }

    /// The scale of training targets, at least one, all finite.
    init(_ training: [Double]) {
        let sorted = training.sorted()
        var (targets, ranks) = ([Double](), [Double]())
        var low = 0
        while low < sorted.count {
            let high = sorted[low...].firstIndex { $0 > sorted[low] } ?? sorted.count
            let rank = Double(low + high) / Double(2 * sorted.count)
            if ranks.count > 1, Int(rank * Self.parts) == Int(ranks[ranks.count - 1] * Self.parts) {
                targets.removeLast()
                ranks.removeLast()
            }
            targets.append(sorted[low])
            ranks.append(rank)
            low = high
        }
        self.targets = targets
        self.ranks = ranks
    }

    /// What the sigmoid of an output is to be.
    func rank(of target: Double) -> Double { Self.interpolated(target, from: targets, to: ranks) }

    /// The target that an output stands for.
    public func prediction(_ output: Double) -> Double {
        Self.interpolated(1 / (1 + exp(-output)), from: ranks, to: targets)
    }

    /// The value at `x` of the line through points with ascending `xs`, continued at both ends.
    private static func interpolated(_ x: Double, from xs: [Double], to ys: [Double]) -> Double {
        if xs.count == 1 { return ys[0] }
        let right = xs[1..<xs.count - 1].firstIndex { x < $0 } ?? xs.count - 1
        let part = (x - xs[right - 1]) / (xs[right] - xs[right - 1])
        return ys[right - 1] + part * (ys[right] - ys[right - 1])
    }
}
