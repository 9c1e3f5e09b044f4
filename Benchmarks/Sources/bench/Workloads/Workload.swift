/// Something that is done over and over while its time is taken.
protocol Workload {
    /// The number of trainable numbers.
    var parameterCount: Int { get }
    /// How good the result of the last step is, where that is measured.
    var quality: Double? { get }
    /// How often it is done before it counts.
    var warmUp: Int { get }
    /// Does it once.
    mutating func step() throws
}

extension Workload {
    var quality: Double? { nil }
    var warmUp: Int { 3 }
}
