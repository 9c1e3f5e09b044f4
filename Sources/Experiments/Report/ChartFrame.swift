internal import Foundation

/// The plane that charts are drawn in: where values stand, the grid, and round numbers along both axes.
struct ChartFrame {
    /// From the left edge to the right.
    var across: ClosedRange<Double>
    /// From the bottom to the top.
    var along: ClosedRange<Double>
    var height = 310.0

    private static let width = 520.0
    private static let (left, right, upper, lower) = (58.0, 16.0, 14.0, 34.0)

    /// A frame with one range and one scale in both directions.
    static func square(_ range: ClosedRange<Double>) -> ChartFrame {
        ChartFrame(across: range, along: range, height: width - left - right + upper + lower)
    }

    /// Where values stand; at the edge where they lie beyond it.
    func point(_ x: Double, _ y: Double) -> Markup.Point {
        let (fromLeft, fromBottom) = (Self.part(x, of: across), Self.part(y, of: along))
        return (
            Self.left + fromLeft * (Self.width - Self.left - Self.right),
            height - Self.lower - fromBottom * (height - Self.upper - Self.lower)
        )
    }

    private static func part(_ value: Double, of range: ClosedRange<Double>) -> Double {
        let inside = min(max(value, range.lowerBound), range.upperBound)
        return (inside - range.lowerBound) / max(range.upperBound - range.lowerBound, .leastNormalMagnitude)
    }

    /// The grid with numbers along the vertical axis, and numbers under the horizontal one.
    func axes(
        across ticks: [Double], along levels: [Double], label: (Double) -> String, unit: String = ""
    ) -> [Markup] {
        let grid = levels.flatMap { level -> [Markup] in
            let (start, end) = (point(across.lowerBound, level), point(across.upperBound, level))
            return [
                .line(start, end, class: "grid"),
                .label(label(level), at: (start.x - 8, start.y + 4), anchor: "end"),
            ]
        }
        // The last number with its unit reaches to where the one before it stands.
        let isCrowded = !unit.isEmpty && ticks.count > 3
        let numbers = ticks.enumerated().filter { !isCrowded || $0.offset != ticks.count - 2 }.map {
            _, tick -> Markup in
            let x = point(tick, along.lowerBound).x
            let anchor = x > Self.width - 40 ? "end" : "middle"
            return .label(
                Numeral.short(tick) + (tick == ticks.last ? unit : ""), at: (x, height - 10), anchor: anchor)
        }
        return grid + numbers
    }

    /// The axes of a square frame with their names, and the line on which both coordinates are equal.
    func diagonal(across name: String, along levels: String) -> [Markup] {
        let ticks = Self.ticks(in: across)
        let (start, end) = (point(across.lowerBound, along.lowerBound), point(across.upperBound, along.upperBound))
        return axes(across: ticks, along: ticks, label: Numeral.short) + [
            .line(start, end, class: "diagonal"),
            .label(levels, at: (start.x + 8, end.y + 18), anchor: "start"),
            .label(name, at: (end.x - 8, start.y - 10), anchor: "end"),
        ]
    }

    /// The finished chart.
    func drawing(_ title: String, _ children: [Markup]) -> Markup {
        .tag(
            "svg",
            [
                "viewBox": "0 0 \(SVG.number(Self.width)) \(SVG.number(height))", "role": "img", "aria-label": title,
                "class": "chart",
            ], children)
    }

    /// Round numbers within a range, three to seven of them where they are not too few to count.
    static func ticks(in range: ClosedRange<Double>, whole: Bool = false) -> [Double] {
        guard var step = step(of: range) else { return [range.lowerBound] }
        if whole { step = max(1, step) }
        let first = Int((range.lowerBound / step - 1e-9).rounded(.up))
        let last = Int((range.upperBound / step + 1e-9).rounded(.down))
        return first <= last ? (first...last).map { Double($0) * step } : []
    }

    /// From a round number below all finite values to one above them.
    static func range(around values: [Double]) -> ClosedRange<Double> {
        let finite = values.filter(\.isFinite)
        guard let lowest = finite.min(), let highest = finite.max() else { return 0...1 }
        guard let step = step(of: lowest...highest) else { return lowest - 0.5...highest + 0.5 }
        return (lowest / step).rounded(.down) * step...(highest / step).rounded(.up) * step
    }

    /// The distance of round numbers in a range, nil where it has no length.
    private static func step(of range: ClosedRange<Double>) -> Double? {
        let length = range.upperBound - range.lowerBound
        guard length.isFinite, length > 0 else { return nil }
        let power = pow(10, (log10(length / 5)).rounded(.down))
        return [1, 2, 5, 10].map { $0 * power }.first { length / $0 <= 6 } ?? length
    }
}
