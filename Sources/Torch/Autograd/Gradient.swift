/// The gradient for one parameter.
///
/// A weight `[inputs, outputs]` that met few samples has a gradient of low rank: the factors are all that is kept, and
/// whoever uses it multiplies out what fits a cache.
public enum Gradient: Sendable {
    case whole(Tensor)
    /// `leftᵀ · right`, of `[samples, inputs]` and `[samples, outputs]`.
    case product(left: Tensor, right: Tensor)

    /// The parameter's shape.
    public var shape: [Int] {
        switch self {
        case .whole(let tensor): tensor.shape
        case .product(let left, let right): [left.size(1), right.size(1)]
        }
    }

    /// The gradient multiplied out.
    public var tensor: Tensor {
        switch self {
        case .whole(let tensor): tensor
        case .product(let left, let right): matmul(left.permuted([1, 0]), right)
        }
    }

    /// What it is stored as.
    var factors: (left: Tensor, right: Tensor?) {
        switch self {
        case .whole(let tensor): (tensor, nil)
        case .product(let left, let right): (left, right)
        }
    }
}
