import Torch

extension Block {
    /// A part of a stored parameter: a range along each axis, after a reshape.
    public struct Slice: Hashable, Sendable, Codable {
        /// The shape that the parameter is given first; mostly its own.
        public var shape: [Int]
        /// The positions along each of that shape's axes.
        public var ranges: [Range<Int>]

        /// The part of a parameter, reshaped to `shape`, that lies in all of `ranges`.
        public init(shape: [Int], ranges: [Range<Int>]) {
            self.shape = shape
            self.ranges = ranges
        }

        /// Whether there is one range for each axis, inside it.
        var isValid: Bool {
            ranges.count == shape.count && zip(ranges, shape).allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= $1 }
        }

        /// Whether no element lies in both slices; slices after different reshapes count as overlapping.
        func isDisjoint(from other: Slice) -> Bool {
            shape == other.shape && zip(ranges, other.ranges).contains { !$0.overlaps($1) }
        }

        /// `whole` with the slice's elements replaced by `part`; the slice's first axis is `axis`.
        func replacing(_ whole: Tensor, by part: Tensor, axis: Int) -> Tensor {
            guard let first = ranges.indices.first(where: { ranges[$0].count < shape[$0] }) else { return part }
            let (cut, range) = (axis + first, ranges[first])
            var rest = self
            rest.shape[first] = range.count
            rest.ranges[first] = 0..<range.count
            let middle = rest.replacing(whole.narrowed(cut, to: range), by: part, axis: axis)
            let after = whole.narrowed(cut, to: range.upperBound..<shape[first])
            return concatenate([whole.narrowed(cut, to: 0..<range.lowerBound), middle, after], axis: cut)
        }
    }
}
