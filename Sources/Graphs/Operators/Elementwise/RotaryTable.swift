import Torch

/// Tables of `cos(t ω)` or `sin(t ω)` for positions `t` and frequencies `ω`, as rotary embeddings multiply with them.
///
/// - Source: Su et al., arXiv:2104.09864, section 3.4.2.
enum RotaryTable {
    /// Whether each column of the last two axes is such a sequence: it begins with 1 or 0 and obeys
    /// `x[t + 1] + x[t - 1] = 2 cos(ω) x[t]`. Equal elements are none: those begin a state, or mask nothing.
    static func recognizes(_ table: Tensor) -> Bool {
        guard table.rank >= 2, table.dtype.isFloatingPoint, case let count = table.size(-2), count >= 4,
            table.size(-1) > 1, table.count == count * table.size(-1), table.count <= 1 << 24
        else { return false }
        let columns = table.size(-1)
        let x = table.to(.float64).elements(as: Double.self)
        let begin = x[0].rounded()
        guard begin == 0 || begin == 1 else { return false }
        guard x.contains(where: { $0 != x[0] }) else { return false }
        return (0..<columns).allSatisfy { column in
            func value(_ position: Int) -> Double { x[position * columns + column] }
            let factor = begin == 1 ? 2 * value(1) : value(1) == 0 ? 2 : value(2) / value(1)
            guard abs(value(0) - begin) < 1e-6, abs(factor) <= 2 + 1e-6 else { return false }
            return (1..<min(count, 64) - 1).allSatisfy { position in
                abs(value(position + 1) + value(position - 1) - factor * value(position)) < 1e-3
            }
        }
    }
}
