import Torch

/// What is known of integers that count positions, such as those of the largest elements that `MaxPool` finds.
///
/// An element minus `Σ slope · index`, over all factors of its axes, moves like an element of any other value, and lies in
/// ``rest``: where channels change places, so do the elements, and each grows by `slope` for every channel that it passes.
struct Positions: Equatable {
    /// A factor of an axis, and by how much elements grow from one index along it to the next.
    struct Factor: Equatable {
        var size: Int
        var slope: Int
    }

    /// The factors of each axis, the slowest first.
    var axes: [[Factor]]
    /// Bounds of what is left without the slopes.
    var rest: ClosedRange<Int>

    /// The largest number that is kept track of.
    private static let largest = 1 << 48

    init(axes: [[Factor]], rest: ClosedRange<Int>) {
        self.axes = axes
        self.rest = rest
    }

    /// Integers that grow evenly along each axis, or `nil` where others do not.
    init?(counting tensor: Tensor) {
        guard !tensor.dtype.isFloatingPoint, tensor.dtype != .bool, (1...1 << 20).contains(tensor.count) else {
            return nil
        }
        let elements = tensor.to(.int64).elements(as: Int64.self).map(Int.init)
        guard elements.allSatisfy({ $0.magnitude <= Self.largest }) else { return nil }
        var slopes: [Int] = []
        var stride = elements.count
        for size in tensor.shape {
            stride /= size
            slopes.append(size > 1 ? elements[stride] - elements[0] : 0)
        }
        for (place, element) in elements.enumerated() {
            var (rest, sum) = (place, elements[0])
            for (size, slope) in zip(tensor.shape, slopes).reversed() {
                sum += rest % size * slope
                rest /= size
            }
            guard sum == element else { return nil }
        }
        axes = zip(tensor.shape, slopes).map { [Factor(size: $0, slope: $1)] }
        rest = elements[0]...elements[0]
    }

    /// Whether elements grow along an axis.
    func grows(along axis: Int) -> Bool { axes[axis].contains { $0.size > 1 && $0.slope != 0 } }

    /// The factors along which elements grow, in order.
    var growing: [Factor] { axes.joined().filter { $0.size > 1 && $0.slope != 0 } }

    /// The same integers in another shape of as many elements, or `nil` where factors would have to be torn.
    func reshaped(to shape: [Int]) -> Positions? {
        var waiting = axes.joined().filter { $0.size != 1 }[...]
        var result: [[Factor]] = []
        for size in shape {
            var (missing, factors) = (size, [Factor]())
            while missing > 1, let next = waiting.popFirst() {
                guard next.size > 1 else { return nil }
                if missing.isMultiple(of: next.size) {
                    factors.append(next)
                    missing /= next.size
                } else if next.size.isMultiple(of: missing) {
                    let inner = next.size / missing
                    factors.append(Factor(size: missing, slope: next.slope * inner))
                    waiting = [Factor(size: inner, slope: next.slope)] + waiting
                    missing = 1
                } else {
                    return nil
                }
            }
            guard missing == 1 else { return nil }
            result.append(factors)
        }
        return waiting.isEmpty ? Positions(axes: result, rest: rest) : nil
    }

    /// Every `step`-th element along an axis, or `nil` where that tears factors.
    func sliced(_ axis: Int, _ places: Range<Int>, by step: Int) -> Positions? {
        var result = self
        let size = axes[axis].reduce(1) { $0 * $1.size }
        if step == 1, places == 0..<size { return self }
        guard step > 0, !places.isEmpty else { return nil }
        let count = (places.count - 1) / step + 1
        guard grows(along: axis) else {
            result.axes[axis] = [Factor(size: count, slope: 0)]
            return result
        }
        guard axes[axis].count == 1, case let slope = axes[axis][0].slope,
            step <= Self.largest / max(1, abs(slope)), places.lowerBound <= Self.largest / max(1, abs(slope))
        else { return nil }
        result.axes[axis] = [Factor(size: count, slope: slope * step)]
        return result.moved(by: places.lowerBound * slope)
    }

    /// The sums, or the differences, with other integers that are broadcast against these.
    func combined(with other: Positions, subtracting: Bool) -> Positions? {
        let sign = subtracting ? -1 : 1
        let rank = max(axes.count, other.axes.count)
        func padded(_ axes: [[Factor]]) -> [[Factor]] { Array(repeating: [], count: rank - axes.count) + axes }
        var result: [[Factor]] = []
        for (first, second) in zip(padded(axes), padded(other.axes)) {
            let (a, b) = (first.filter { $0.size != 1 }, second.filter { $0.size != 1 })
            if b.allSatisfy({ $0.slope == 0 }), !a.isEmpty || b.isEmpty {
                result.append(a)
            } else if a.allSatisfy({ $0.slope == 0 }) {
                result.append(b.map { Factor(size: $0.size, slope: sign * $0.slope) })
            } else if a.map(\.size) == b.map(\.size) {
                result.append(zip(a, b).map { Factor(size: $0.size, slope: $0.slope + sign * $1.slope) })
            } else {
                return nil
            }
        }
        let bounds = [rest.lowerBound, rest.upperBound]
        let others = [other.rest.lowerBound, other.rest.upperBound].map { sign * $0 }.sorted()
        return Positions(axes: result, rest: bounds[0] + others[0]...bounds[1] + others[1]).bounded
    }

    /// The same integers, each greater by `offset`.
    private func moved(by offset: Int) -> Positions? {
        Positions(axes: axes, rest: rest.lowerBound + offset...rest.upperBound + offset).bounded
    }

    /// The same, unless numbers have become too large to be kept track of.
    private var bounded: Positions? {
        let numbers = [rest.lowerBound, rest.upperBound] + axes.joined().map(\.slope)
        return numbers.allSatisfy { $0.magnitude <= Self.largest } ? self : nil
    }

    /// Where the integers name each element of an axis at most once for each of their factors: the sizes into which such
    /// an axis is taken apart, those of the factors and of what is left.
    ///
    /// - Parameter count: how many elements the axis has.
    func places(in count: Int) -> [Int]? {
        let factors = growing
        guard !factors.isEmpty else { return nil }
        var covered = count
        for factor in factors {
            guard factor.slope > 0, covered.isMultiple(of: factor.size), covered / factor.size == factor.slope else {
                return nil
            }
            covered = factor.slope
        }
        return rest.lowerBound >= 0 && rest.upperBound < covered ? factors.map(\.size) + [covered] : nil
    }
}

extension Labelling {
    /// A value of which nothing grows: positions that it counts are told apart from here on.
    mutating func settled(_ value: Value) -> Value {
        guard let positions = value.positions else { return value }
        for (axis, label) in value.axes.enumerated() where positions.grows(along: axis) {
            fix(label, because: "positions are counted before \(place)")
        }
        var result = value
        result.positions = nil
        return result
    }

    /// What `rule` makes of a value whose elements keep their order in another shape, with the positions that it counts.
    mutating func counted(
        _ value: Value, in shape: [Int], _ rule: (Value, inout Labelling) throws -> Value
    ) throws -> Value {
        let positions = value.stack == nil ? value.positions?.reshaped(to: shape) : nil
        var result = try rule(positions == nil ? settled(value) : value, &self)
        guard let positions, result.stack == nil else { return settled(result) }
        result.positions = positions
        return result
    }

    /// Joins the factors of an axis to those of indices that count its positions.
    ///
    /// - Returns: what is left of the axis beside those factors, or `nil` where the indices do not count its positions.
    mutating func counted(_ indices: Value, along axis: Label) throws -> (factors: [Label], rest: Label)? {
        guard let positions = indices.positions, let sizes = positions.places(in: axis.size) else { return nil }
        let parts = try factored(axis, sizes: sizes)
        var next = parts.startIndex
        for (label, factors) in zip(indices.axes, positions.axes) where !factors.isEmpty {
            for (factor, piece) in zip(factors, try factored(label, sizes: factors.map(\.size))) {
                if factor.size > 1, factor.slope != 0 {
                    try unify(piece, parts[next])
                    next += 1
                } else {
                    fix([piece])
                }
            }
        }
        return (Array(parts.dropLast()), parts[parts.count - 1])
    }
}
