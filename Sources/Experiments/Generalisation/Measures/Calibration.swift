/// What is true of networks for which about the same was predicted: the means over tenths of the networks, ordered by
/// prediction. Predictions are calibrated where both means agree.
public struct Calibration: Hashable, Sendable {
    /// Networks next to each other in the order of predictions.
    public struct Part: Hashable, Sendable {
        /// How many networks there are.
        public let count: Int
        /// The mean of their predictions.
        public let predicted: Double
        /// The mean of what is true.
        public let target: Double
    }

    /// From the lowest predictions to the highest; fewer than ten where there are fewer networks.
    public let parts: [Part]

    /// Compares predictions with what is true.
    public init(predictions: [Double], targets: [Double]) {
        precondition(
            predictions.count == targets.count,
            "expected equally many numbers, got \(predictions.count) and \(targets.count)")
        let order = predictions.indices.sorted { predictions[$0] < predictions[$1] }
        let count = min(10, order.count)
        parts = (0..<count).map { number in
            let part = order[number * order.count / count..<(number + 1) * order.count / count]
            func mean(_ values: [Double]) -> Double { part.reduce(0) { $0 + values[$1] } / Double(part.count) }
            return Part(count: part.count, predicted: mean(predictions), target: mean(targets))
        }
    }
}
