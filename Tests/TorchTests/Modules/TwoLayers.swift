import Torch

/// A small module of modules: `[batch, 3] → [batch, 4] → [batch, 2]`.
struct TwoLayers: Module {
    struct Layer: Module {
        var weight: Tensor
        var bias: Tensor

        mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
            try visit("weight", &weight)
            try visit("bias", &bias)
        }
    }

    var first: Layer
    var second: Layer

    init(dtype: DType, using random: inout RandomSource) {
        func normal(_ shape: [Int]) -> Tensor { .normal(shape: shape, dtype: dtype, using: &random) }
        first = Layer(weight: normal([3, 4]), bias: normal([4]))
        second = Layer(weight: normal([4, 2]), bias: normal([2]))
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        let hidden = tanh(affine(x, weight: first.weight, bias: first.bias))
        return affine(hidden, weight: second.weight, bias: second.bias)
    }

    mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
        try first.visitParameters(in: "first", visit)
        try second.visitParameters(in: "second", visit)
    }
}
