public import Testing
import Torch

/// Lets concurrent maps use one thread for the whole test run; `@Suite(.oneThread)`.
///
/// The runner already spreads tests over the cores. Traits are prepared before the first test starts, so one suite
/// with this trait sets the thread count for every other in the run.
public struct OneThread: SuiteTrait, TestTrait {
    public func prepare(for test: Test) { Runtime.threadCount = 1 }
}

extension Trait where Self == OneThread {
    /// Concurrent maps use one thread.
    public static var oneThread: OneThread { OneThread() }
}
