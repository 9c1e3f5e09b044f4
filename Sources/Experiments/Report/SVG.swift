internal import Foundation

/// Numbers of SVG coordinates.
enum SVG {
    /// At most two digits after the point, none where there is nothing to say.
    static func number(_ value: Double) -> String {
        let text = String(format: "%.2f", value)
        return text.hasSuffix(".00") ? String(text.dropLast(3)) : text
    }
}

extension Markup {
    typealias Point = (x: Double, y: Double)

    static func line(_ start: Point, _ end: Point, class kind: String) -> Markup {
        .tag(
            "line",
            [
                "class": kind, "x1": SVG.number(start.x), "y1": SVG.number(start.y), "x2": SVG.number(end.x),
                "y2": SVG.number(end.y),
            ])
    }

    static func dot(at point: Point, class kind: String, radius: Double = 4) -> Markup {
        .tag(
            "circle",
            ["class": kind, "cx": SVG.number(point.x), "cy": SVG.number(point.y), "r": SVG.number(radius)])
    }

    static func label(_ text: String, at point: Point, anchor: String, class kind: String = "label") -> Markup {
        .tag(
            "text",
            ["class": kind, "x": SVG.number(point.x), "y": SVG.number(point.y), "text-anchor": anchor],
            [.text(text)])
    }

    static func rectangle(at corner: Point, width: Double, height: Double, class kind: String) -> Markup {
        .tag(
            "rect",
            [
                "class": kind, "x": SVG.number(corner.x), "y": SVG.number(corner.y), "width": SVG.number(width),
                "height": SVG.number(height),
            ])
    }

    static func path(_ data: String, class kind: String) -> Markup {
        .tag("path", ["class": kind, "d": data])
    }
}
