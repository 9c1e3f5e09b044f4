import Experiments
import TestSupport
import Testing

@Suite(.oneThread) struct RunBootstrapTests {
    private func mean(_ values: [Double], _ places: [Int]) -> Double {
        places.reduce(0) { $0 + values[$1] } / Double(places.count)
    }

    @Test("two runs are drawn as 00, 01, 10 or 11")
    func twoRuns() {
        let values = [0.0, 0, 0, 1]
        let bootstrap = RunBootstrap(runs: [7, 7, 7, 3])
        // Means 0, ¼ (a run of three zeros and one of a one) and 1, with probabilities ¼, ½, ¼.
        #expect(bootstrap.interval { mean(values, $0) } == 0...1)
        // Runs come with all of their networks: two, four or six.
        #expect(bootstrap.interval { Double($0.count) } == 2...6)
        // Where the statistic is not defined for a draw, the others count.
        #expect(bootstrap.interval { $0.count == 4 ? nil : mean(values, $0) } == 0...1)
    }

    @Test("copies of a network do not narrow the interval, unless they are taken for runs of their own")
    func runsAreDrawnWhole() throws {
        let values = (0..<20).flatMap { run in [Double](repeating: Double(run), count: 10) }
        func width(_ runs: [Int]) throws -> Double {
            let interval = try #require(RunBootstrap(runs: runs).interval { mean(values, $0) })
            return interval.upperBound - interval.lowerBound
        }
        // 2 · 1.96 · √((20² − 1) / 12) / √20, and √10 times less.
        let (whole, apart) = (try width(values.map(Int.init)), try width(Array(values.indices)))
        #expect(abs(whole - 5.05) < 0.5, "\(whole)")
        #expect(abs(apart - 1.6) < 0.2, "\(apart)")
    }

    @Test("a seed decides the interval")
    func seed() {
        let values = (0..<30).map { Double($0 * $0) }
        func interval(_ seed: UInt64) -> ClosedRange<Double>? {
            RunBootstrap(runs: Array(0..<30), resamples: 50, seed: seed).interval { mean(values, $0) }
        }
        #expect(interval(1) == interval(1))
        #expect(interval(1) != interval(2))
        #expect(RunBootstrap(runs: []).interval { _ in 1 } == nil)
        #expect(RunBootstrap(runs: [0, 1], resamples: 10).interval { _ in nil } == nil)
    }
}
