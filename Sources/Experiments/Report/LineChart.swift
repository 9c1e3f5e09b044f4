internal import Foundation

/// Curves over a common axis, as SVG; the vertical axis starts at zero.
struct LineChart {
    /// One curve and how it looks.
    struct Series {
        var name: String
        var points: [(x: Double, y: Double)]
        /// Whether it is ours, in the accent colour, or the one beside it.
        var isAccented: Bool
    }

    var title: String
    var abscissa: DemoReport.Curve.Abscissa
    var series: [Series]
    /// The end of the vertical axis where it is known; the largest value if nil.
    var top: Double?
    var label: (Double) -> String

    private static let (width, height) = (520.0, 310.0)
    private static let (left, right, upper, lower) = (58.0, 16.0, 14.0, 34.0)

    var svg: Markup {
        let (width, height) = (Self.width, Self.height)
        let (left, right, upper, lower) = (Self.left, Self.right, Self.upper, Self.lower)
        let points = series.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }
        let across = Self.ticks(upTo: points.map(\.x).max() ?? 1, whole: abscissa == .steps)
        let along = Self.ticks(upTo: top ?? points.map(\.y).max() ?? 1)
        let endX = max(points.map(\.x).max() ?? 1, .leastNormalMagnitude)
        let endY = top ?? max(along.last ?? 1, points.map(\.y).max() ?? 1)
        func x(_ value: Double) -> Double { left + value / endX * (width - left - right) }
        func y(_ value: Double) -> Double { height - lower - value / endY * (height - upper - lower) }

        var children: [Markup] = []
        for tick in along {
            children.append(.line((left, y(tick)), (width - right, y(tick)), class: "grid"))
            children.append(.label(label(tick), at: (left - 8, y(tick) + 4), anchor: "end"))
        }
        for tick in across {
            let unit = tick == across.last ? (abscissa == .seconds ? " s" : " steps") : ""
            let anchor = x(tick) > width - 40 ? "end" : "middle"
            children.append(
                .label(Numeral.short(tick) + unit, at: (x(tick), height - 10), anchor: anchor))
        }
        for curve in series {
            let line = curve.points.filter { $0.x.isFinite && $0.y.isFinite }
            let path = line.map { "\(SVG.number(x($0.x))),\(SVG.number(y(max(0, min($0.y, endY)))))" }
            let kind = curve.isAccented ? "ours" : "other"
            children.append(.tag("polyline", ["class": "curve \(kind)", "points": path.joined(separator: " ")]))
            if let last = line.last {
                children.append(.dot(at: (x(last.x), y(max(0, min(last.y, endY)))), class: "dot \(kind)"))
            }
        }
        return .tag(
            "svg",
            [
                "viewBox": "0 0 \(SVG.number(width)) \(SVG.number(height))", "role": "img", "aria-label": title,
                "class": "chart",
            ], children)
    }

    /// Round numbers from 0 to `end`, four to seven of them where they are not too few to count.
    static func ticks(upTo end: Double, whole: Bool = false) -> [Double] {
        guard end.isFinite, end > 0 else { return [0] }
        let power = pow(10, (log10(end / 5)).rounded(.down))
        var step = [1, 2, 5, 10].map { $0 * power }.first { end / $0 <= 6 } ?? end
        if whole { step = max(1, step) }
        return (0...Int(end / step * (1 + 1e-9))).map { Double($0) * step }
    }
}
