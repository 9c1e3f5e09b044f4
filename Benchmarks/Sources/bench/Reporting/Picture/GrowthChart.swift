import Foundation

/// One growth curve, both axes logarithmic, with a dashed line that grows in proportion.
struct GrowthChart {
    let result: GrowthResult
    let left: Double
    let top: Double
    let width: Double
    let height: Double

    func draw(in picture: inout SVG) {
        guard let first = result.points.first, let last = result.points.last, last.value > first.value else { return }
        let (low, high) = (result.points.map(\.ms).min() ?? 1, result.points.map(\.ms).max() ?? 1)
        let even = first.ms * Double(last.value) / Double(first.value)
        let (bottom, ceiling) = (log(low) - 0.3, log(max(high, even)) + 0.3)
        func x(_ value: Int) -> Double {
            left + width * log(Double(value) / Double(first.value)) / log(Double(last.value) / Double(first.value))
        }
        func y(_ ms: Double) -> Double { top + height * (ceiling - log(ms)) / (ceiling - bottom) }

        picture.text("\(result.name), ms", x: left - 35, y: top - 8, class: "title")
        picture.line(from: (left, top + height), to: (left + width, top + height), class: "axis")
        picture.line(from: (x(first.value), y(first.ms)), to: (x(last.value), y(even)), class: "even")
        picture.polyline(result.points.map { (x($0.value), y($0.ms)) }, class: "curve")
        for point in result.points {
            picture.dot(x: x(point.value), y: y(point.ms), class: "ours")
            picture.text(point.ms.short, x: x(point.value), y: y(point.ms) - 7, class: "small middle")
            picture.text("\(point.value)", x: x(point.value), y: top + height + 13, class: "small middle")
        }
        picture.text(result.title, x: left - 35, y: top + height + 28, class: "small")
    }
}
