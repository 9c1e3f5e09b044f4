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

    private static let threads = Atomic(takeThreads())

    /// How many threads libtorch would use; from now on it uses the one that calls it.
    private static func takeThreads() -> Int {
        let count = Int(ct_thread_count())
        // On this very thread, which has just learnt of them; those that compute later learn of one.
        ct_use_one_thread()
        return count
    }

    /// Keeps freed memory for later tensors: fresh pages cost more than the arithmetic on them.
    ///
    /// Meant for a program's first lines; the process then holds its peak memory until it ends.
    public static func reuseAllocations() { ct_reuse_allocations() }

    /// The version of the libtorch that was loaded, such as `2.13.0`.
    public static var version: String { describe(ct_version_loaded()) }

    /// Evaluated before the first tensor: headers and library of different versions would corrupt memory.
    static let isReady: Bool = {
        requireSameRelease(compiled: ct_version_compiled(), loaded: ct_version_loaded())
        return threadCount > 0
    }()

    static func requireSameRelease(compiled: UInt64, loaded: UInt64) {
        guard compiled >> 40 == loaded >> 40 else {
            fatalError(
                "libtorch \(describe(loaded)) was loaded, but this program was built for \(describe(compiled)): "
                    + "run `make setup` and build again")
        }
    }

    private static func describe(_ version: UInt64) -> String {
        "\(version >> 56).\(version >> 48 & 0xff).\(version >> 40 & 0xff)"
    }
}

typealias ErrorMessage = UnsafeMutablePointer<CChar>

/// Calls into libtorch; a failure there is a caller's mistake (shapes, types), and traps with libtorch's message.
@inline(__always)
func checked<Result>(_ call: (UnsafeMutablePointer<ErrorMessage?>) -> Result) -> Result {
    var message: ErrorMessage?
    let result = call(&message)
    if let message { fatalError("libtorch: \(String(cString: message))") }
    return result
}
