/// How well predictions agree with what is true.
public struct Agreement: Hashable, Sendable, Codable {
    /// Kendall's τ (``kendallTau(_:_:)``), nil where it is not defined.
    public let tau: Double?
    /// `R² = 1 − Σ(y − p)² / Σ(y − ȳ)²`, nil where all that is true is equal.
    public let determination: Double?
    /// `L₁`, the mean of `|y − p|`.
    public let meanAbsoluteError: Double

    /// Compares predictions with what is true, at least one.
    public init(predictions: [Double], targets: [Double]) {
        precondition(
            predictions.count == targets.count && !targets.isEmpty,
            "expected a prediction for each of some targets, got \(predictions.count) and \(targets.count)")
        let count = Double(targets.count)
        let errors = zip(targets, predictions).map { $0 - $1 }
        let mean = targets.reduce(0, +) / count
        let spread = targets.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        tau = kendallTau(predictions, targets)
        let isConstant = targets.allSatisfy { $0 == targets[0] }
        determination = isConstant ? nil : 1 - errors.reduce(0) { $0 + $1 * $1 } / spread
        meanAbsoluteError = errors.reduce(0) { $0 + abs($1) } / count
    }
}
