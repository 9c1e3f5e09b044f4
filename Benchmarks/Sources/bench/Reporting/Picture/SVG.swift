import Foundation

/// A picture that is put together from shapes.
struct SVG {
    private let width: Double
    private let height: Double
    private var shapes: [String] = []

    init(width: Double, height: Double) { (self.width, self.height) = (width, height) }

    /// The file's text, with a style for each class of shapes.
    func rendered(style: String) -> String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.number(width)) \(Self.number(height))">
        <style>\(style)</style>
        \(shapes.joined(separator: "\n"))
        </svg>

        """
    }

    mutating func rectangle(x: Double, y: Double, width: Double, height: Double, class kind: String) {
        shapes.append(
            "<rect class=\"\(kind)\" \(Self.places(["x": x, "y": y, "width": width, "height": height]))/>")
    }

    mutating func line(from start: (Double, Double), to end: (Double, Double), class kind: String) {
        shapes.append(
            "<line class=\"\(kind)\" \(Self.places(["x1": start.0, "y1": start.1, "x2": end.0, "y2": end.1]))/>")
    }

    mutating func polyline(_ points: [(x: Double, y: Double)], class kind: String) {
        let text = points.map { "\(Self.number($0.x)),\(Self.number($0.y))" }.joined(separator: " ")
        shapes.append("<polyline class=\"\(kind)\" points=\"\(text)\"/>")
    }

    mutating func dot(x: Double, y: Double, class kind: String) {
        shapes.append("<circle class=\"\(kind)\" r=\"3\" \(Self.places(["cx": x, "cy": y]))/>")
    }

    mutating func text(_ text: String, x: Double, y: Double, class kind: String) {
        let escaped = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
        shapes.append("<text class=\"\(kind)\" \(Self.places(["x": x, "y": y]))>\(escaped)</text>")
    }

    private static func places(_ values: KeyValuePairs<String, Double>) -> String {
        values.map { "\($0)=\"\(number($1))\"" }.joined(separator: " ")
    }

    private static func number(_ value: Double) -> String { String(format: "%.1f", value) }
}
