internal import CTorch

/// The means of a batch of matrices along both axes, channels last.
public struct MatrixMeans: Sendable {
    /// Of every row, over the columns: `[batch, n, channels]`.
    public let rows: Tensor
    /// Of every column, over the rows: `[batch, m, channels]`.
    public let columns: Tensor
}

extension Tensor {
    /// Whether ``mixMatrices(_:weight:rows:columns:scalars:isRectified:averages:)-(Tensor,_,_,_,_,_,_)`` can read the elements.
    public var isMixable: Bool { device == .cpu && [.float32, .float64, .bfloat16].contains(dtype) }
}

/// The means of a batch of matrices along both axes, in one pass over the memory, and one for the gradients.
///
/// - Input: `x` `[batch, n, m, channels]` on the CPU, float32, float64 or bfloat16.
/// - Output: `x` again, whose further uses add their gradients in that pass, and its means, float32 for bfloat16.
/// - Traps: when shape or type do not fit.
public func matrixMeans(_ x: Tensor) -> (values: Tensor, means: MatrixMeans) {
    var raw = [ct_tensor?](repeating: nil, count: 3)
    checked { libtorch.matrix_means(x.raw, &raw, $0) }
    let results = raw.compactMap { $0.map(Tensor.init(owning:)) }
    return (results[0], MatrixMeans(rows: results[1], columns: results[2]))
}

/// `y[b, i, j] = x[b, i, j] · weight + rows[b, i] + columns[b, j] + scalars[b]`, rectified where asked, with the means of `y`
/// over `j` and over `i`: one pass over the memory, and one for the gradients.
///
/// One thread does all the work.
///
/// - Input: `x` `[batch, n, m, inputs]` on the CPU, float32, float64 or bfloat16; `weight` `[inputs, outputs]`, `rows`
///   `[batch, n, outputs]`, `columns` `[batch, m, outputs]` and `scalars` `[batch, outputs]` of the type of `x`, or float32
///   where that is bfloat16.
/// - Output: `y` `[batch, n, m, outputs]` of the type of `x`, and means of the type of the weight.
/// - Traps: when shapes or types do not fit each other.
public func mixMatrices(
    _ x: Tensor, weight: Tensor, rows: Tensor, columns: Tensor, scalars: Tensor? = nil, isRectified: Bool,
    averages: Bool
) -> (values: Tensor, means: MatrixMeans?) {
    matrixMixing(
        x, grid: nil, weight: weight, rows: rows, columns: columns, scalars: scalars, isRectified: isRectified,
        averages: averages)
}

/// The same where `x` are Fourier features of matrices: the product of one number's features with a weight is a curve in that
/// number, and is interpolated between equally spaced places, to 1e-6 of the curve's size.
///
/// - Input: `weight`, `rows`, `columns` and `scalars` float32.
/// - Output: `y` in the type of `x`, and means in float32.
/// - Source: Barnett, Magland and af Klinteberg 2019, arXiv:1808.06736 (nonuniform Fourier transform of type 2).
public func mixMatrices(
    _ x: FourierMatrices, weight: Tensor, rows: Tensor, columns: Tensor, scalars: Tensor? = nil, isRectified: Bool,
    averages: Bool
) -> (values: Tensor, means: MatrixMeans?) {
    matrixMixing(
        x.numbers, grid: x.grid, weight: x.tabulated(weight), rows: rows, columns: columns, scalars: scalars,
        isRectified: isRectified, averages: averages)
}

private func matrixMixing(
    _ x: Tensor, grid: ct_grid?, weight: Tensor, rows: Tensor, columns: Tensor, scalars: Tensor?, isRectified: Bool,
    averages: Bool
) -> (values: Tensor, means: MatrixMeans?) {
    var raw = [ct_tensor?](repeating: nil, count: 3)
    checked { error in
        withOptional(grid) { grid in
            libtorch.matrix_mixing(
                x.raw, grid, weight.raw, rows.raw, columns.raw, scalars?.raw, isRectified, averages, &raw, error)
        }
    }
    let results = raw.compactMap { $0.map(Tensor.init(owning:)) }
    return (results[0], averages ? MatrixMeans(rows: results[1], columns: results[2]) : nil)
}

private func withOptional<Value>(_ value: Value?, _ body: (UnsafePointer<Value>?) -> Void) {
    guard let value else { return body(nil) }
    withUnsafePointer(to: value, body)
}
