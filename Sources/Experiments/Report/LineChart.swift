/// Curves over a common axis, as SVG.
struct LineChart {
    /// One curve and how it looks.
    struct Series {
        /// How a curve is told from the others.
        enum Stroke: String {
            /// In the accent colour: ours.
            case ours
            case dotted, dashed
        }

        var name: String
        var points: [(x: Double, y: Double)]
        var stroke: Stroke
    }

    var title: String
    var abscissa: DemoReport.Curve.Abscissa
    var series: [Series]
    /// The end of the vertical axis where it is known; the largest value if nil.
    var top: Double?
    /// Whether the vertical axis starts at zero, or below it where values do; else it starts near the smallest value.
    var startsAtZero = true
    var label: (Double) -> String

    var svg: Markup {
        let points = series.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }
        let right = max(points.map(\.x).max() ?? 1, 0)
        let lowest = ChartFrame.range(around: points.map(\.y)).lowerBound
        let bottom = startsAtZero ? min(points.map(\.y).min() ?? 0, 0) : lowest
        let highest = max(points.map(\.y).max() ?? 1, 0)
        let levels = ChartFrame.ticks(in: bottom...(top ?? max(highest, bottom)))
        let frame = ChartFrame(across: 0...right, along: bottom...(top ?? max(levels.last ?? 1, highest)))
        let curves = series.flatMap { curve -> [Markup] in
            let line = curve.points.filter { $0.x.isFinite && $0.y.isFinite }.map { frame.point($0.x, $0.y) }
            let path = line.map { "\(SVG.number($0.x)),\(SVG.number($0.y))" }.joined(separator: " ")
            let kind = curve.stroke.rawValue
            return [.tag("polyline", ["class": "curve \(kind)", "points": path], [.tag("title", [.text(curve.name)])])]
                + line.suffix(1).map { .dot(at: $0, class: "dot \(kind)") }
        }
        let axes = frame.axes(
            across: ChartFrame.ticks(in: 0...right, whole: abscissa == .steps), along: levels, label: label,
            unit: abscissa == .seconds ? " s" : " steps")
        return frame.drawing(title, axes + curves)
    }
}
