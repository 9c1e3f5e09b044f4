/// Looks for a number for an open extent with which all shapes in a graph fit together.
struct ExtentSearch {
    /// Where shapes stop fitting with an extent; `nil` where they fit.
    let misfit: (Int) throws -> Misfit?
    /// Whether every small number may be tried.
    let isThorough: Bool

    /// What was tried in vain.
    private var tried: [Int: Misfit] = [:]

    /// Numbers that pictures and sequences often have; between two of them, the one that fits is sought. One comes
    /// last: it fits where everything is repeated along it, which shows little.
    private static let ladder = [8, 16, 32, 64, 128, 224, 256, 384, 512, 1_024]
    /// Below this every number may be tried.
    private static let manyExtents = 300

    init(isThorough: Bool, misfit: @escaping (Int) throws -> Misfit?) {
        self.isThorough = isThorough
        self.misfit = misfit
    }

    /// The extent that fits furthest into the graph, of those that do not fit.
    var furthest: (extent: Int, misfit: Misfit)? {
        tried.max { ($0.value.position, -$0.key) < ($1.value.position, -$1.key) }.map { ($0.key, $0.value) }
    }

    /// An extent that fits, if one is found.
    mutating func fit() throws -> Int? {
        for extent in Self.ladder where try fits(extent) { return extent }
        // What fails in the same words for every extent does not depend on it.
        guard Set(tried.values.map(\.reason)).count > 1 else { return nil }
        for (low, high) in zip(Self.ladder, Self.ladder.dropFirst()) {
            if let extent = try fit(between: low, and: high) { return extent }
        }
        if try fits(1) { return 1 }
        return isThorough ? try (2...Self.manyExtents).first { try fits($0) } : nil
    }

    private mutating func fits(_ extent: Int) throws -> Bool {
        if tried[extent] != nil { return false }
        tried[extent] = try misfit(extent)
        return tried[extent] == nil
    }

    /// Halves an interval at whose ends a node gets too few and too many elements, and looks around where it gets what
    /// it needs.
    private mutating func fit(between low: Int, and high: Int) throws -> Int? {
        guard let below = tried[low], let above = tried[high], below.position == above.position,
            let sign = below.excess?.signum(), above.excess?.signum() == -sign
        else { return nil }
        var (low, high) = (low, high)
        while high - low > 1 {
            let middle = (low + high) / 2
            if try fits(middle) { return middle }
            guard let found = tried[middle] else { return nil }
            if found.position > above.position {
                let around = max(1, middle - 32)...middle + 32
                return try around.first { try fits($0) }
            }
            if found.position < above.position || found.excess?.signum() == sign { low = middle } else { high = middle }
        }
        return nil
    }
}
