/// What is true on average where about the same was predicted, over that prediction.
struct CalibrationPlot {
    var title: String
    var calibration: Calibration
    /// Of both axes.
    var range: ClosedRange<Double>
    /// Whether the predictions are ours, in the accent colour, or those beside them.
    var isAccented: Bool

    var svg: Markup {
        let frame = ChartFrame.square(range)
        let points = calibration.parts.map { frame.point($0.predicted, $0.target) }
        let path = points.map { "\(SVG.number($0.x)),\(SVG.number($0.y))" }.joined(separator: " ")
        let kind = isAccented ? "ours" : "dotted"
        return frame.drawing(
            title,
            frame.diagonal(across: "predicted", along: "true")
                + [.tag("polyline", ["class": "curve \(kind)", "points": path])]
                + points.map { .dot(at: $0, class: "dot \(kind)") })
    }
}
