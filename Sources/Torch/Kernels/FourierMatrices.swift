internal import CTorch

/// Fourier features of every number of a batch of matrices, `[x, sin π x w, cos π x w]`, of which only the numbers are stored.
///
/// Their means are computed as they are made, and their products with a weight without them, by
/// ``mixMatrices(_:weight:rows:columns:scalars:isRectified:averages:)-(FourierMatrices,_,_,_,_,_,_)``. How products are rounded
/// depends on the smallest and the largest number of the batch.
public struct FourierMatrices: Sendable {
    /// `[batch, n, m, k]`.
    let numbers: Tensor
    /// Equally spaced places around all numbers, and the type of products.
    private(set) var grid: ct_grid
    /// What makes a weight one for the grid, `[places, 1 + 2 · frequencies]`.
    private let table: Tensor
    /// `[1, frequencies]`.
    private let halfTurns: Tensor

    /// The features of matrices; nil where a table would not be worth its while, or a number is not finite.
    ///
    /// - Input: `x` `[batch, n, m, k]` and `w` `[1, frequencies]`, constants in float32 on the CPU.
    /// - Traps: when shapes or types do not fit.
    public init?(_ x: Tensor, halfTurns w: Tensor) {
        var grid = ct_grid()
        guard let table = checked({ libtorch.fourier_grid(x.raw, w.raw, &grid, $0) }) else { return nil }
        (numbers, halfTurns, self.grid, self.table) = (x, w, grid, Tensor(owning: table))
    }

    /// The type of the features, and of their products.
    public var dtype: DType { DType(grid.stored_as) }

    /// The same features in another type.
    public func storing(as dtype: DType) -> FourierMatrices {
        var result = self
        result.grid.stored_as = dtype.raw
        return result
    }

    /// The features of one number.
    private var width: Int { table.size(1) }

    /// `[batch, n, m, k · width]`.
    public var shape: [Int] { numbers.shape.dropLast() + [numbers.size(3) * width] }

    /// The features, stored.
    public var array: Tensor {
        fourierFeatures(numbers.reshaped([-1, 1]), halfTurns: halfTurns).reshaped(shape).to(dtype)
    }

    /// The means of the features, in float32.
    public var means: MatrixMeans {
        var raw = [ct_tensor?](repeating: nil, count: 2)
        checked { libtorch.fourier_means(numbers.raw, halfTurns.raw, &raw, $0) }
        let results = raw.compactMap { $0.map(Tensor.init(owning:)) }
        return MatrixMeans(rows: results[0], columns: results[1])
    }

    /// A weight `[k · width, outputs]` for the grid, `[k · places, outputs]`.
    func tabulated(_ weight: Tensor) -> Tensor {
        let (count, outputs) = (numbers.size(3), weight.size(1))
        if count == 1 { return matmul(table, weight) }
        return matmul(table, weight.reshaped([count, width, outputs])).reshaped([-1, outputs])
    }
}
