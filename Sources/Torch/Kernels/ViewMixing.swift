internal import CTorch

/// `z · weight + bias`, where `z` holds views side by side, split into the channels of each target: one operator forward and
/// one backward.
///
/// - Input: views `[batch, sizes of the axes…, channels]`, or with an axis more behind the batch, over which they are averaged;
///   `weight` `[channels of all views, channels of all targets]`, `bias` `[channels of all targets]`.
/// - Output: `[batch, sizes of the axes…, width]` for each of `widths`.
/// - Traps: when shapes do not fit each other.
public func mixViews(_ views: [Tensor], axes: Int, weight: Tensor, bias: Tensor?, widths: [Int]) -> [Tensor] {
    var raw = [ct_tensor?](repeating: nil, count: widths.count)
    checked { error in
        withTensors(views) { views in
            withSizes(widths) { libtorch.view_mixing(views, Int64(axes), weight.raw, bias?.raw, $0, &raw, error) }
        }
    }
    return raw.compactMap { $0.map(Tensor.init(owning:)) }
}

/// `y[b, i] = vectors[b, i] + scalars[b]`, rectified where asked, as one operator.
///
/// - Input: `vectors` `[batch, n, width]`, `scalars` `[batch, width]`.
/// - Output: the shape of `vectors`.
public func sum(of vectors: Tensor, and scalars: Tensor, isRectified: Bool) -> Tensor {
    Tensor { libtorch.vector_sum(vectors.raw, scalars.raw, isRectified, $0) }
}
