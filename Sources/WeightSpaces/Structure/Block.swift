public import Torch

/// One stored parameter of a network, or a slice of one, seen as an array with labelled axes.
///
/// The axes stand in stored order and may split a stored axis in two (`reshape`): the input axis of a dense layer
/// after a flatten is `(channel, position)`.
public struct Block: Hashable, Sendable, Codable {
    /// The stored parameter's name.
    public var parameter: String
    /// The stored parameter's shape.
    public var shape: [Int]
    /// The part of the parameter that the block views; the whole if absent.
    public var slice: Slice?
    /// What each axis means, in stored order.
    public var axes: [Axis]

    /// A view of the parameter with one label per axis.
    public init(parameter: String, shape: [Int], slice: Slice? = nil, axes: [Axis]) {
        self.parameter = parameter
        self.shape = shape
        self.slice = slice
        self.axes = axes
    }

    /// A name that tells the blocks of a weight space apart: `in_proj.weight[0..<64, 0..<64]`.
    public var name: String {
        guard let slice else { return parameter }
        return "\(parameter)[\(slice.ranges.map { "\($0)" }.joined(separator: ", "))]"
    }

    /// The shape of the part that the block views.
    public var viewShape: [Int] { slice?.ranges.map(\.count) ?? shape }

    /// The groups that permute the block, one per permuted axis; a label may repeat.
    public var groups: [Int] { axes.compactMap(\.group) }

    /// `F`, the number of fixed positions: the product of the fixed axes' sizes.
    public var fixedCount: Int {
        axes.reduce(1) { product, axis in
            if case .fixed(let size) = axis { product * size } else { product }
        }
    }

    /// The number of weights.
    public var count: Int { viewShape.reduce(1, *) }

    /// How many weights one output of the layer reads, where the first stored axis counts outputs; one for a vector.
    public var fanIn: Int { max(viewShape.dropFirst().reduce(1, *), 1) }

    /// The axes' numbers with the permuted ones first, each kind in stored order.
    var permutedFirst: [Int] {
        axes.indices.filter { axes[$0].group != nil } + axes.indices.filter { axes[$0].group == nil }
    }
}

extension WeightSpace {
    /// The sizes of a block's axes, in stored order.
    public func axisSizes(of block: Block) -> [Int] {
        block.axes.map { axis in
            switch axis {
            case .permuted(let group): groups[group].size
            case .fixed(let size): size
            }
        }
    }

    /// A stored parameter's part that a block views: `[batch…, shape…]` becomes `[batch…, view shape…]`.
    public func part(_ block: Block, of stored: Tensor) -> Tensor {
        guard let slice = block.slice else { return stored }
        let batch = Array(stored.shape.dropLast(block.shape.count))
        return slice.ranges.enumerated().reduce(stored.reshaped(batch + slice.shape)) { part, axis in
            part.narrowed(batch.count + axis.offset, to: axis.element)
        }
    }

    /// A stored parameter with the part that a block views replaced, the inverse of ``part(_:of:)``.
    public func replacing(_ block: Block, of stored: Tensor, by part: Tensor) -> Tensor {
        guard let slice = block.slice else { return part.reshaped(stored.shape) }
        let batch = Array(stored.shape.dropLast(block.shape.count))
        return slice.replacing(stored.reshaped(batch + slice.shape), by: part, axis: batch.count)
            .reshaped(stored.shape)
    }

    /// A stored parameter with its permuted axes in front and its fixed axes folded, in stored order, into the last.
    ///
    /// - Input: `[batch, shape…]`.
    /// - Output: `[batch, permuted axes…, F]`; a view of the input where the fixed axes stand last already.
    public func channelsLast(_ stored: Tensor, _ block: Block) -> Tensor {
        let sizes = axisSizes(of: block)
        let permuted = block.groups.map { groups[$0].size }
        return part(block, of: stored).reshaped([stored.size(0)] + sizes)
            .permuted([0] + block.permutedFirst.map { $0 + 1 })
            .reshaped([stored.size(0)] + permuted + [block.fixedCount])
    }

    /// The inverse of ``channelsLast(_:_:)``, as far as the block views: `[batch, view shape…]`.
    public func stored(_ channelsLast: Tensor, _ block: Block) -> Tensor {
        let sizes = axisSizes(of: block)
        let order = block.permutedFirst
        var inverse = [Int](repeating: 0, count: order.count)
        for (position, axis) in order.enumerated() { inverse[axis] = position + 1 }
        return channelsLast.reshaped([-1] + order.map { sizes[$0] })
            .permuted([0] + inverse)
            .reshaped([channelsLast.size(0)] + block.viewShape)
    }
}
