/// Kendall's rank correlation with ties, `τ_b = (C − D) / √((N − A)(N − B))`, nil where one side is constant or has a NaN.
///
/// Of all `N` pairs, `C` are ordered alike by both sides, `D` oppositely, and `A` and `B` are tied in the first and in the
/// second. Takes `O(n log n)`.
///
/// - Source: Kendall 1945, doi:10.1093/biomet/33.3.239; counted as by Knight 1966, doi:10.1080/01621459.1966.10480879.
public func kendallTau(_ a: [Double], _ b: [Double]) -> Double? {
    precondition(a.count == b.count, "expected equally many numbers, got \(a.count) and \(b.count)")
    if a.contains(where: \.isNaN) || b.contains(where: \.isNaN) { return nil }
    let pairs = zip(a, b).sorted { $0 < $1 }
    var second = pairs.map(\.1)
    let discordant = inversions(sorting: &second)
    let count = a.count * (a.count - 1) / 2
    let tied = tiedPairs(pairs) { $0.0 == $1.0 }
    let tiedInSecond = tiedPairs(second, by: ==)
    let tiedInBoth = tiedPairs(pairs, by: ==)
    let untied = Double(count - tied) * Double(count - tiedInSecond)
    guard untied > 0 else { return nil }
    return Double(count - tied - tiedInSecond + tiedInBoth - 2 * discordant) / untied.squareRoot()
}

/// The number of pairs that neighbours in a sorted array make with those equal to them.
private func tiedPairs<Element>(_ sorted: [Element], by areEqual: (Element, Element) -> Bool) -> Int {
    var (result, equal) = (0, 0)
    for (element, next) in zip(sorted, sorted.dropFirst()) {
        equal = areEqual(element, next) ? equal + 1 : 0
        result += equal
    }
    return result
}

/// Sorts by merging, and counts the pairs that stood in the wrong order.
private func inversions(sorting values: inout [Double]) -> Int {
    var (result, width, merged) = (0, 1, values)
    while width < values.count {
        for start in stride(from: 0, to: values.count, by: 2 * width) {
            let (middle, end) = (min(start + width, values.count), min(start + 2 * width, values.count))
            var (left, right) = (start, middle)
            for place in start..<end {
                if right == end || (left < middle && values[left] <= values[right]) {
                    merged[place] = values[left]
                    left += 1
                } else {
                    merged[place] = values[right]
                    result += middle - left
                    right += 1
                }
            }
        }
        swap(&values, &merged)
        width *= 2
    }
    return result
}
