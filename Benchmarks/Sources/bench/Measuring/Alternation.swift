import Foundation

/// Lets workers step by turns, one at a time, and keeps what was measured while the machine was otherwise quiet.
struct Alternation {
    /// Blocks of steps wanted of each worker.
    let blocks: Int

    /// How many processors others may keep busy during a block.
    private static let tolerance = 0.12
    /// Seconds after which a case without enough quiet blocks ends everything.
    private static let patience = 900.0
    /// Seconds until a worker's idle threads have stopped looking for work.
    private static let pause = 0.05

    /// Waits a minute at most for a machine on which there is a point in setting workers up.
    ///
    /// - Throws: ``BenchError/busy(what:kept:needed:others:)``.
    func waitForQuiet() throws {
        var seen: [Double] = []
        for _ in 0..<30 {
            let before = try ProcessorTime(of: [getpid()])
            Thread.sleep(forTimeInterval: 2)
            seen.append(try ProcessorTime(of: [getpid()]).others(since: before))
            if seen.last ?? 0 <= Self.tolerance { return }
        }
        throw BenchError.busy(what: "before the start", kept: 0, needed: blocks, others: Spread(of: seen).median)
    }

    /// Measures: for each worker the seconds of its steps.
    ///
    /// - Parameter what: is measured, for the message.
    /// - Throws: ``BenchError/busy(what:kept:needed:others:)``; what a worker throws.
    func run(_ workers: [Worker], of what: String) throws -> [[Double]] {
        var seconds = workers.map { _ in [Double]() }
        var kept = workers.map { _ in 0 }
        var discarded: [Double] = []
        let deadline = ContinuousClock.now + .seconds(Self.patience)
        while ContinuousClock.now < deadline {
            var wasQuiet = false
            for (index, worker) in workers.enumerated() where kept[index] < blocks {
                Thread.sleep(forTimeInterval: Self.pause)
                let own = [getpid(), worker.identifier]
                let before = try ProcessorTime(of: own)
                let steps = try worker.takeSteps()
                let others = try ProcessorTime(of: own).others(since: before)
                guard others <= Self.tolerance else {
                    discarded.append(others)
                    continue
                }
                wasQuiet = true
                kept[index] += 1
                seconds[index] += steps
            }
            if kept.allSatisfy({ $0 == blocks }) { return seconds }
            if !wasQuiet { Thread.sleep(forTimeInterval: 5) }
        }
        throw BenchError.busy(
            what: what, kept: kept.min() ?? 0, needed: blocks, others: Spread(of: discarded).median)
    }
}
