/// How well predictions agree with what is true.
public struct Agreement: Hashable, Sendable, Codable {
    /// Kendall's τ (``kendallTau(_:_:)``), nil where it is not defined.
    public let tau: Double?
    /// `R² = 1 − Σ(y − p)² / Σ(y − ȳ)²`, nil where all that is true is equal, or by far smaller than
    /// what is predicted.
    public let determination: Double?
    /// `L₁`, the mean of `|y − p|`.
    public let meanAbsoluteError: Double

    /// The power of two below the largest magnitude.
    private static func unit(of values: [Double]) -> Double {
        let largest = values.reduce(0) { max($0, $1.magnitude) }
        return largest > 0 && largest.isFinite ? Double(sign: .plus, exponent: largest.exponent, significand: 1) : 1
    }

    /// Compares predictions with what is true, at least one.
    public init(predictions: [Double], targets: [Double]) {
        precondition(
            predictions.count == targets.count && !targets.isEmpty,
            "expected a prediction for each of some targets, got \(predictions.count) and \(targets.count)")
        let count = Double(targets.count)
        // A power of two, so that squares of very large and of very small numbers neither overflow nor vanish.
        let unit = Self.unit(of: targets + predictions)
        let scaled = targets.map { $0 / unit }
        let errors = zip(scaled, predictions).map { $0 - $1 / unit }
        let mean = scaled.reduce(0, +) / count
        let spread = scaled.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        tau = kendallTau(predictions, targets)
        let isConstant = targets.allSatisfy { $0 == targets[0] }
        let explained = 1 - errors.reduce(0) { $0 + $1 * $1 } / spread
        determination = isConstant || !explained.isFinite ? nil : explained
        meanAbsoluteError = errors.reduce(0) { $0 + abs($1) } / count * unit
    }
}
