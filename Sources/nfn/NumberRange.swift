import ArgumentParser

/// A range of images or networks on the command line: `7`, or `0-9` with both ends included.
struct NumberRange: ExpressibleByArgument {
    let range: Range<Int>

    init?(argument: String) {
        let ends = argument.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, 0 <= first, first <= last,
            last < .max
        else { return nil }
        range = first..<last + 1
    }
}
