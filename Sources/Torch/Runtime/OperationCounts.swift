internal import CTorch

/// What some work asked of libtorch: its cost in units that do not depend on the machine.
public struct OperationCounts: Hashable, Sendable {
    /// Operators called, those that others call and fused kernels included; on a GPU each starts a kernel or two.
    public let operators: Int
    /// Products of matrices among them.
    public let products: Int
    /// How often memory was taken for elements of tensors.
    public let allocations: Int
    /// How many bytes of it: what is written at least once.
    public let allocatedBytes: Int

    /// Counts what a piece of work does on the thread that calls it, gradients included; not what it gives to others.
    ///
    /// - Traps: inside another piece of work that is counted.
    public static func counting<Result>(_ body: () throws -> Result) rethrows -> (result: Result, counts: Self) {
        checked { libtorch.begin_counting($0) }
        var counts = ct_counts()
        let result: Result
        do {
            defer { counts = libtorch.end_counting() }
            result = try body()
        }
        return (
            result,
            Self(
                operators: Int(counts.operators), products: Int(counts.products),
                allocations: Int(counts.allocations), allocatedBytes: Int(counts.allocated_bytes))
        )
    }
}
