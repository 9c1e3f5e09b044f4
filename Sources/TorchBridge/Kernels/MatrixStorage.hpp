#pragma once

#include "Guard.hpp"
#include "Vectorized.hpp"

namespace ctorch {

/// Elements as a kernel's type for them; null where there is no tensor.
template <typename Stored> const Stored *elements(const at::Tensor &tensor) {
    return tensor.defined() ? static_cast<const Stored *>(tensor.const_data_ptr()) : nullptr;
}
template <typename Stored> Stored *places(const at::Tensor &tensor) {
    return tensor.defined() ? static_cast<Stored *>(tensor.mutable_data_ptr()) : nullptr;
}

/// Calls `body<S, T>` for matrices that are stored as `S` and computed with as `T`.
template <typename Body> void with_storage(at::ScalarType type, Body body) {
    switch (type) {
    case at::kBFloat16: return body.template operator()<uint16_t, float>();
    case at::kFloat: return body.template operator()<float, float>();
    case at::kDouble: return body.template operator()<double, double>();
    default: TORCH_CHECK(false, "expected float32, float64 or bfloat16, got ", type);
    }
}

/// The bytes of the vectors that `T` is computed in; float64 is for tests, and not worth the code of the wider ones.
template <typename T> int width() { return sizeof(T) == sizeof(double) ? 16 : vector_bytes(); }

/// Runs a kernel that computes in `T`.
template <typename T, typename Kernel> void run_as(const Kernel &kernel) {
    if constexpr (sizeof(T) == sizeof(double)) kernel.template run<16>();
    else run_vectorized(kernel);
}

} // namespace ctorch
