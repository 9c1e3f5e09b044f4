/// Which permutations of the positions along one axis of a value are considered.
///
/// A label is an arrangement of *atoms*, sets of neurons that are permuted independently of one another. Sizes multiply
/// in a product and add up in a concatenation; normal labels are flat, have no factor of size one, no neighbours that
/// are both fixed, and a product in place of equal parts.
indirect enum Label: Hashable, Sendable {
    /// Positions that stay where they are.
    case fixed(Int)
    /// Positions that are permuted by an atom of the labelling.
    case atom(Int, size: Int)
    /// Positions `(i, j, …)`, the first factor slowest: channels times positions after a flatten, heads times dimensions.
    case product([Label])
    /// One part after the other: what `Concat` makes.
    case concatenation([Label])

    /// How many positions there are.
    var size: Int {
        switch self {
        case .fixed(let size), .atom(_, let size): size
        case .product(let factors): factors.reduce(1) { $0 * $1.size }
        case .concatenation(let parts): parts.reduce(0) { $0 + $1.size }
        }
    }

    /// The atoms in it, from left to right.
    var atoms: [Int] {
        switch self {
        case .fixed: []
        case .atom(let atom, _): [atom]
        case .product(let labels), .concatenation(let labels): labels.flatMap(\.atoms)
        }
    }

    /// The label of positions `(i, j, …)` in normal form, given normal factors.
    static func product(of factors: [Label]) -> Label {
        var result: [Label] = []
        for factor in factors {
            let pieces = if case .product(let inner) = factor { inner } else { [factor] }
            for piece in pieces where piece.size != 1 {
                if case .fixed(let size) = piece, case .fixed(let before)? = result.last {
                    result[result.count - 1] = .fixed(before * size)
                } else {
                    result.append(piece)
                }
            }
        }
        switch result.count {
        case 0: return .fixed(1)
        case 1: return result[0]
        default: break
        }
        guard case .concatenation(let parts) = result[0] else { return .product(result) }
        let rest = Array(result.dropFirst())
        return concatenation(of: parts.map { product(of: [$0] + rest) })
    }

    /// What the label repeats: `fixed(4) × unit` moves alike in four places, as the gates of a recurrent layer do.
    private var unit: Label {
        switch self {
        case .fixed: return .fixed(1)
        case .product(let factors):
            guard case .fixed = factors[0] else { return self }
            return .product(of: Array(factors.dropFirst()))
        default: return self
        }
    }

    /// The label of one part after the other in normal form, given normal parts.
    static func concatenation(of parts: [Label]) -> Label {
        var result: [Label] = []
        for part in parts {
            let pieces = if case .concatenation(let inner) = part { inner } else { [part] }
            for piece in pieces where piece.size != 0 {
                if let last = result.last, last.unit == piece.unit {
                    let count = (last.size + piece.size) / piece.unit.size
                    result[result.count - 1] = .product(of: [.fixed(count), piece.unit])
                } else {
                    result.append(piece)
                }
            }
        }
        switch result.count {
        case 0: return .fixed(0)
        case 1: return result[0]
        default: return .concatenation(result)
        }
    }
}
