import Foundation

/// The median of some values, and the quartiles around it.
struct Spread: Hashable, Sendable {
    let lower: Double
    let median: Double
    let upper: Double

    /// - Traps: when there are no values.
    init(of values: [Double]) {
        let sorted = values.sorted()
        // Between the two values that the place lies between, in proportion.
        func quantile(_ share: Double) -> Double {
            let place = share * Double(sorted.count - 1)
            let below = Int(place)
            let above = min(below + 1, sorted.count - 1)
            return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
        }
        (lower, median, upper) = (quantile(0.25), quantile(0.5), quantile(0.75))
    }

    private init(lower: Double, median: Double, upper: Double) {
        (self.lower, self.median, self.upper) = (lower, median, upper)
    }

    static func * (spread: Spread, factor: Double) -> Spread {
        Spread(lower: spread.lower * factor, median: spread.median * factor, upper: spread.upper * factor)
    }
}

/// `(∏ values)^(1/n)`; `nil` of nothing.
func geometricMean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : exp(values.reduce(0) { $0 + log($1) } / Double(values.count))
}
