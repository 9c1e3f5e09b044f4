internal import Dispatch
internal import Synchronization

extension Runtime {
    /// `[body(0), …, body(count − 1)]`, evaluated beside each other on ``threadCount`` threads.
    ///
    /// Each of these threads gives libtorch no other, so that a result does not depend on how many there are, and no
    /// operator waits for a core that is busy elsewhere.
    ///
    /// - Throws: what a body throws; then no further one is begun.
    public static func concurrentMap<Result: Sendable>(
        _ count: Int, _ body: @Sendable (Int) throws -> Result
    ) throws -> [Result] {
        let threads = threadCount
        let progress = Mutex(MapProgress<Result>(results: Array(repeating: nil, count: count)))
        let work = { @Sendable (_: Int) in
            threadCount = 1
            defer { threadCount = threads }
            while let index = progress.withLock({ $0.next() }) {
                do {
                    let result = try body(index)
                    progress.withLock { $0.results[index] = result }
                } catch {
                    progress.withLock { $0.failure = $0.failure ?? error }
                }
            }
        }
        DispatchQueue.concurrentPerform(iterations: min(threads, count), execute: work)
        return try progress.withLock { progress in
            if let failure = progress.failure { throw failure }
            return progress.results.compactMap(\.self)
        }
    }
}

/// What is done and what comes next.
private struct MapProgress<Result> {
    var results: [Result?]
    var failure: (any Error)?
    private var begun = 0

    init(results: [Result?]) { self.results = results }

    mutating func next() -> Int? {
        guard failure == nil, begun < results.count else { return nil }
        defer { begun += 1 }
        return begun
    }
}
