internal import CTorch

extension Tensor {
    /// The same elements, row-major, in another shape; one size may be -1 and is then inferred.
    public func reshaped(_ shape: [Int]) -> Tensor {
        shape == self.shape ? self : Tensor { e in withSizes(shape) { libtorch.reshape(raw, $0, e) } }
    }

    /// Axis `i` of the result is axis `order[i]` of this tensor.
    public func permuted(_ order: [Int]) -> Tensor {
        order.elementsEqual(0..<rank) ? self : Tensor { e in withSizes(order) { libtorch.permute(raw, $0, e) } }
    }

    /// Axes of size one repeated to fill `shape`, without a copy.
    public func expanded(_ shape: [Int]) -> Tensor {
        shape == self.shape ? self : Tensor { e in withSizes(shape) { libtorch.expand(raw, $0, e) } }
    }

    /// The part of one axis, without a copy.
    public func narrowed(_ axis: Int, to range: Range<Int>) -> Tensor {
        Tensor { libtorch.narrow(raw, Int64(axis), Int64(range.lowerBound), Int64(range.count), $0) }
    }

    /// The parts of one axis with these lengths, one after the other, without a copy; their gradients are joined at once.
    ///
    /// - Traps: when the lengths do not add up to the axis.
    public func split(_ axis: Int, into lengths: [Int]) -> [Tensor] {
        if lengths.count == 1 && lengths[0] == size(axis) { return [self] }
        var parts = [ct_tensor?](repeating: nil, count: lengths.count)
        checked { error in withSizes(lengths) { libtorch.split(raw, Int64(axis), $0, &parts, error) } }
        return parts.compactMap { $0.map(Tensor.init(owning:)) }
    }

    /// The chosen positions of one axis, in the order of `indices`.
    public func gathered(_ axis: Int, at indices: [Int]) -> Tensor {
        let indices = Tensor(indices.map(Int64.init)).to(device)
        return Tensor { libtorch.index_select(raw, Int64(axis), indices.raw, $0) }
    }

    /// A new axis of size one before `axis`; negative counts from the last axis of the result.
    public func expandingAxis(_ axis: Int) -> Tensor {
        var shape = shape
        shape.insert(1, at: axis < 0 ? shape.count + 1 + axis : axis)
        return reshaped(shape)
    }

    /// The diagonal over two axes, as a new last axis.
    public func diagonal(_ first: Int, _ second: Int) -> Tensor {
        Tensor { libtorch.diagonal(raw, Int64(first), Int64(second), $0) }
    }

    /// The last axis laid on the diagonal of two new axes of the result, zero elsewhere.
    public func diagonalEmbedding(_ first: Int, _ second: Int) -> Tensor {
        Tensor { libtorch.diagonal_embedding(raw, Int64(first), Int64(second), $0) }
    }
}

/// The tensors one after the other along an axis.
public func concatenate(_ tensors: [Tensor], axis: Int) -> Tensor {
    if tensors.count == 1 { return tensors[0] }
    return Tensor { e in withTensors(tensors) { libtorch.concatenate($0, Int64(axis), e) } }
}

/// The tensors, of one shape, along a new first axis.
public func stack(_ tensors: [Tensor]) -> Tensor { concatenate(tensors.map { $0.expandingAxis(0) }, axis: 0) }
