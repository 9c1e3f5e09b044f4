internal import Foundation

/// How reports write numbers, the same in every locale.
package enum Numeral {
    /// `12,345`.
    package static func count(_ value: Int) -> String {
        var digits = String(value.magnitude)
        var end = digits.endIndex
        while digits.distance(from: digits.startIndex, to: end) > 3 {
            end = digits.index(end, offsetBy: -3)
            digits.insert(",", at: end)
        }
        return value < 0 ? "−" + digits : digits
    }

    /// `93.4 %` of 0.934.
    static func percent(_ fraction: Double) -> String {
        fixed(100 * fraction, digits: 1) + "\u{A0}%"
    }

    /// `34.2 dB`.
    static func decibels(_ value: Double) -> String {
        fixed(value, digits: 1) + "\u{A0}dB"
    }

    /// `3.1 × 10⁻¹⁵`; `0` stays `0`.
    static func power(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return fixed(value, digits: 0) }
        let parts = String(format: "%.1e", value).split(separator: "e")
        return parts[0].replacing("-", with: "−") + " × 10" + superscript(Int(parts[1]) ?? 0)
    }

    /// `10⁷⁰`.
    static func powerOfTen(_ exponent: Int) -> String {
        "10" + superscript(exponent)
    }

    /// Three significant digits, `0.0213`; as a power of ten below a ten-thousandth and from a thousand million on.
    static func significant(_ value: Double) -> String {
        if value.isFinite, value.magnitude >= 1e9 { return power(value) }
        guard value.isFinite, value != 0, value.magnitude < 1e5 else { return fixed(value, digits: 0) }
        guard value.magnitude >= 1e-4 else { return power(value) }
        return fixed(value, digits: max(0, 2 - Int(log10(value.magnitude).rounded(.down))))
    }

    /// As short as it can be written, `0.25`, for axes.
    static func short(_ value: Double) -> String {
        String(format: "%.6g", value).replacing("-", with: "−")
    }

    /// `8.5 s` or `1 min 32 s`.
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds.rounded() >= 60 else { return fixed(seconds, digits: 1) + "\u{A0}s" }
        let whole = Int(min(seconds, 1e9).rounded())
        return "\(whole / 60)\u{A0}min \(whole % 60)\u{A0}s"
    }

    /// `digits` digits after the point; "∞" and "not a number" in words where there are none.
    static func fixed(_ value: Double, digits: Int) -> String {
        guard !value.isNaN else { return "not a number" }
        guard value.isFinite else { return value < 0 ? "−∞" : "∞" }
        return String(format: "%.\(digits)f", value).replacing("-", with: "−")
    }

    private static func superscript(_ exponent: Int) -> String {
        String(String(exponent).map { $0 == "-" ? "⁻" : Array("⁰¹²³⁴⁵⁶⁷⁸⁹")[$0.wholeNumberValue ?? 0] })
    }
}
