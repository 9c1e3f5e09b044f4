internal import Torch

/// The channels of one block's weights, `[batch, permuted axes…, fixedCount · channels]`.
enum BlockValues: Sendable {
    case stored(Tensor)
    /// Fourier features, of which only the numbers are stored.
    case fourier(FourierMatrices)

    /// The channels; stored by this call where they were not.
    var array: Tensor {
        switch self {
        case .stored(let array): array
        case .fourier(let matrices): matrices.array
        }
    }

    var shape: [Int] {
        switch self {
        case .stored(let array): array.shape
        case .fourier(let matrices): matrices.shape
        }
    }

    /// As float32 or bfloat16; float64 stays.
    func storing(as type: DType) -> BlockValues {
        switch self {
        case .stored(let array): array.dtype == .float64 ? self : .stored(array.to(type))
        case .fourier(let matrices): .fourier(matrices.storing(as: type))
        }
    }

    /// The values with their means along both axes, where one pass over a matrix has them.
    func withMeans() -> (values: BlockValues, means: MatrixMeans?) {
        switch self {
        case .stored(let array):
            guard array.rank == 4, array.isMixable else { return (self, nil) }
            let (values, means) = matrixMeans(array)
            return (.stored(values), means)
        case .fourier(let matrices): return (self, matrices.means)
        }
    }

    /// Whether ``mixed(by:rows:columns:scalars:isRectified:averages:)`` can read the values, those of a matrix.
    var isMixable: Bool {
        switch self {
        case .stored(let array): array.isMixable
        case .fourier: true
        }
    }

    /// The product with a weight, plus what is the same along an axis or everywhere, in one pass, with its means.
    func mixed(
        by weight: Tensor, rows: Tensor, columns: Tensor, scalars: Tensor?, isRectified: Bool, averages: Bool
    ) -> (values: Tensor, means: MatrixMeans?) {
        switch self {
        case .stored(let array):
            mixMatrices(
                array, weight: weight, rows: rows, columns: columns, scalars: scalars, isRectified: isRectified,
                averages: averages)
        case .fourier(let matrices):
            mixMatrices(
                matrices, weight: weight, rows: rows, columns: columns, scalars: scalars, isRectified: isRectified,
                averages: averages)
        }
    }
}
