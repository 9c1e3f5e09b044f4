extension String {
    /// The text on one line and in bounds, for messages about names that a file chose: at most `limit` scalars,
    /// with controls, line ends and formatting characters written as `\u{…}`.
    package func oneLine(limit: Int = 400) -> String {
        var line = ""
        for scalar in unicodeScalars.prefix(limit) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
                line += "\\u{\(String(scalar.value, radix: 16))}"
            default:
                line.unicodeScalars.append(scalar)
            }
        }
        return unicodeScalars.dropFirst(limit).isEmpty ? line : line + "…"
    }

    /// The text between quotation marks, on one line and cut after 60 scalars.
    var quoted: String { "\"\(oneLine(limit: 60))\"" }
}
