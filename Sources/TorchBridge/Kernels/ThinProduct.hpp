#pragma once

#include <ATen/core/Tensor.h>

#include <optional>

namespace ctorch {

/// `x · weight + bias` for `x` `[rows, read]` and `weight` `[read, written]`, without gradients. Where there are few rows, and
/// elements are float32 on the CPU, the weight is read as it lies; libtorch would arrange it first, which takes longer than
/// the product.
at::Tensor product(const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &bias);

/// `x · weightᵀ` for `x` `[rows, written]`, in the same way.
at::Tensor product_with_transposed(const at::Tensor &x, const at::Tensor &weight);

} // namespace ctorch
