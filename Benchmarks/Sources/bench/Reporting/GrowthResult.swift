/// How ours grew with one size.
struct GrowthResult: Encodable {
    struct Point: Encodable {
        let value: Int
        let ms: Double
        let quartilesMs: [Double]
        let peakMb: Double?

        private enum CodingKeys: String, CodingKey {
            case value, ms
            case quartilesMs = "quartiles_ms"
            case peakMb = "peak_mb"
        }
    }

    let name: String
    let title: String
    let threads: Int
    var points: [Point] = []

    /// Measures one curve.
    static func measured(
        _ curve: GrowthCurve, threads: Int, in workshop: Workshop, _ alternation: Alternation
    ) throws -> GrowthResult {
        var result = GrowthResult(name: curve.name, title: curve.title, threads: threads)
        for value in curve.values {
            let name = curve.workerName(of: value)
            let worker = try workshop.ours(name, threads: threads)
            let time = Spread(of: try alternation.run([worker], of: name)[0]) * 1000
            result.points.append(
                Point(
                    value: value, ms: time.median, quartilesMs: [time.lower, time.upper],
                    peakMb: try worker.end().peakMB))
        }
        return result
    }
}
