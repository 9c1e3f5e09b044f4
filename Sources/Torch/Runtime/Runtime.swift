internal import CTorch
internal import Synchronization

/// The loaded libtorch: its version and its settings.
public enum Runtime {
    /// Threads that ``concurrentMap(_:_:)`` spreads work over; at first what libtorch would use, one for each core
    /// unless `OMP_NUM_THREADS` says otherwise.
    ///
    /// A single operator always runs on the thread that called it: operators on the small arrays of this field spend
    /// more time waiting for other threads than computing, so work is spread in larger pieces.
    public static var threadCount: Int {
        get { threads.load(ordering: .relaxed) }
        set {
            precondition(newValue > 0, "expected at least one thread, got \(newValue)")
            threads.store(newValue, ordering: .relaxed)
        }
    }

    private static let threads = Atomic(Libtorch.loaded.threadCount)

    /// The version of the libtorch that was loaded, such as `2.13.0`.
    public static var version: String { Libtorch.describe(libtorch.version_loaded()) }
}
