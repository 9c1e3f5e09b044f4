internal import Torch

/// The channels of one block's weights, `[batch, permuted axes…, fixedCount · channels]`.
enum BlockChannels: Sendable {
    case stored(Tensor)
    /// Fourier features, made where they are read.
    case fourier(FourierMatrices)

    /// The channels, stored.
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
    func storing(as type: DType) -> BlockChannels {
        switch self {
        case .stored(let array): array.dtype == .float64 ? self : .stored(array.to(type))
        case .fourier(let matrices): .fourier(matrices.storing(as: type))
        }
    }

    /// The channels with their means along both axes, where one pass over a matrix has them.
    func withMeans() -> (channels: BlockChannels, means: MatrixMeans?) {
        switch self {
        case .stored(let array):
            guard array.rank == 4, array.isMixable else { return (self, nil) }
            let (values, means) = matrixMeans(array)
            return (.stored(values), means)
        case .fourier(let matrices): return (self, matrices.means)
        }
    }

    /// The product of a matrix's channels with a weight, plus what is the same along each axis or everywhere, in one pass, with
    /// its means; nil where it cannot be done in one.
    func mixed(
        by weight: Tensor, rows: @autoclosure () -> Tensor, columns: @autoclosure () -> Tensor, scalars: Tensor?,
        isRectified: Bool, averages: Bool
    ) -> (values: Tensor, means: MatrixMeans?)? {
        switch self {
        case .stored(let array):
            guard array.isMixable else { return nil }
            return mixMatrices(
                array, weight: weight, rows: rows(), columns: columns(), scalars: scalars, isRectified: isRectified,
                averages: averages)
        case .fourier(let matrices):
            return mixMatrices(
                matrices, weight: weight, rows: rows(), columns: columns(), scalars: scalars, isRectified: isRectified,
                averages: averages)
        }
    }
}
