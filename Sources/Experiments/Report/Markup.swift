/// A piece of an XHTML page: text, or an element with attributes and children; escaped when it is rendered.
indirect enum Markup: Sendable {
    case text(String)
    case element(String, attributes: [Attribute], children: [Markup])

    /// A name and a value, kept in the order of writing.
    struct Attribute: Sendable {
        var name: String
        var value: String
    }

    /// The element `name`.
    static func tag(
        _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ children: [Markup] = []
    ) -> Markup {
        .element(name, attributes: attributes.map { Attribute(name: $0.key, value: $0.value) }, children: children)
    }

    /// The element `name` without attributes.
    static func tag(_ name: String, _ children: [Markup]) -> Markup {
        .tag(name, [:], children)
    }

    /// The page's source; elements that HTML knows as empty close themselves, all others have an end tag.
    var rendered: String {
        var source = ""
        write(to: &source)
        return source
    }

    private func write(to source: inout String) {
        switch self {
        case .text(let text):
            source += Self.escaped(text)
        case .element(let name, let attributes, let children):
            source += "<\(name)"
            for attribute in attributes { source += " \(attribute.name)=\"\(Self.escaped(attribute.value))\"" }
            guard !Self.emptyElements.contains(name) else {
                source += "/>"
                return
            }
            source += ">"
            for child in children { child.write(to: &source) }
            source += "</\(name)>"
            if Self.lineEnds.contains(name) { source += "\n" }
        }
    }

    private static let emptyElements: Set<String> = ["meta", "img", "br"]
    private static let lineEnds: Set<String> = ["head", "style", "section", "header", "figure", "tr", "svg", "p"]

    /// `text` with the five characters of markup as references, and those that XML forbids as U+FFFD.
    private static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;".unicodeScalars
            case "<": result += "&lt;".unicodeScalars
            case ">": result += "&gt;".unicodeScalars
            case "\"": result += "&quot;".unicodeScalars
            case "'": result += "&#39;".unicodeScalars
            case "\t", "\n", " "..."\u{D7FF}", "\u{E000}"..."\u{FFFD}", "\u{10000}"...: result.append(scalar)
            default: result.append("\u{FFFD}")
            }
        }
        return String(result)
    }
}

extension Markup: ExpressibleByStringInterpolation {
    init(stringLiteral value: String) {
        self = .text(value)
    }
}
