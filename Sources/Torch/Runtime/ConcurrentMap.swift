internal import Dispatch
internal import Synchronization

extension Runtime {
    /// `[body(0), …, body(count − 1)]`, evaluated beside each other on ``threadCount`` threads.
    ///
    /// Each result depends on its own body alone, not on how many threads there are.
    ///
    /// - Throws: what a body throws; then no further one is begun.
    public static func concurrentMap<Result: Sendable, Failure: Error>(
        _ count: Int, _ body: @Sendable (Int) throws(Failure) -> Result
    ) throws(Failure) -> [Result] {
        let progress = Mutex(MapProgress<Result, Failure>(results: Array(repeating: nil, count: count)))
        let work = { @Sendable (_: Int) in
            while let index = progress.withLock({ $0.next() }) {
                do throws(Failure) {
                    let result = try body(index)
                    progress.withLock { $0.results[index] = result }
                } catch {
                    progress.withLock { $0.failure = $0.failure ?? error }
                }
            }
        }
        DispatchQueue.concurrentPerform(iterations: min(threadCount, count), execute: work)
        let (results, failure) = progress.withLock { ($0.results, $0.failure) }
        if let failure { throw failure }
        return results.compactMap(\.self)
    }
}

/// What is done and what comes next.
private struct MapProgress<Result, Failure: Error> {
    var results: [Result?]
    var failure: Failure?
    private var begun = 0

    init(results: [Result?]) { self.results = results }

    mutating func next() -> Int? {
        guard failure == nil, begun < results.count else { return nil }
        defer { begun += 1 }
        return begun
    }
}
