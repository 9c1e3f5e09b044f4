#pragma once

#if !__has_include(<ATen/core/Tensor.h>)
#error "libtorch was not found: run `make setup`, then build with `--toolset .build-config/libtorch.json`"
#endif

#define TORCH_ASSERT_ONLY_METHOD_OPERATORS

#include "CTorchFunctions.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <c10/util/Exception.h>

#include <atomic>
#include <cstring>
#include <exception>
#include <optional>
#include <vector>

namespace ctorch {

/// The name under which a fused kernel that multiplies matrices is recorded.
inline constexpr const char *fused_product = "ctorch::matrix_mixing";

/// A C handle is the tensor's implementation pointer with one reference of its own.
using Pointer = c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>;

inline at::Tensor borrow(ct_tensor tensor) {
    return at::Tensor(Pointer::reclaim_copy(reinterpret_cast<at::TensorImpl *>(tensor)));
}

/// Nothing where the handle is null.
inline std::optional<at::Tensor> borrow_optional(ct_tensor tensor) {
    return tensor ? std::optional(borrow(tensor)) : std::nullopt;
}

/// Whether the elements lie row-major and fill storage that no other tensor sees, where there are so many references.
inline bool owns_storage(const at::Tensor &tensor, size_t references) {
    const bool is_alone = tensor.use_count() == references && tensor.storage().use_count() == 1;
    std::atomic_thread_fence(std::memory_order_acquire);
    return is_alone && tensor.is_contiguous() && tensor.storage().nbytes() == tensor.nbytes();
}

/// A gradient to write over, where it has these sizes and nobody else sees it, else a new tensor.
inline at::Tensor overwritable(const at::Tensor &gradient, at::IntArrayRef sizes, at::TensorOptions options) {
    const bool fits = gradient.defined() && gradient.sizes().equals(sizes) && owns_storage(gradient, 1);
    return fits ? gradient : at::empty(sizes, options);
}

inline ct_tensor own(at::Tensor tensor) { return reinterpret_cast<ct_tensor>(tensor.unsafeReleaseTensorImpl()); }

inline at::IntArrayRef sizes(ct_sizes sizes) { return {sizes.data, sizes.count}; }

inline std::vector<at::Tensor> list(ct_tensors tensors) {
    std::vector<at::Tensor> result;
    result.reserve(tensors.count);
    for (size_t i = 0; i < tensors.count; ++i) result.push_back(borrow(tensors.data[i]));
    return result;
}

inline at::ScalarType scalar_type(ct_dtype dtype) {
    switch (dtype) {
    case CT_FLOAT32: return at::kFloat;
    case CT_FLOAT64: return at::kDouble;
    case CT_FLOAT16: return at::kHalf;
    case CT_BFLOAT16: return at::kBFloat16;
    case CT_INT64: return at::kLong;
    case CT_INT32: return at::kInt;
    case CT_INT16: return at::kShort;
    case CT_INT8: return at::kChar;
    case CT_UINT8: return at::kByte;
    case CT_BOOL: return at::kBool;
    }
    TORCH_CHECK(false, "unknown dtype ", static_cast<int>(dtype));
}

inline at::Device device(ct_device device) {
    if (device.index == -1) return at::Device(at::kCPU);
    if (device.index == -2) return at::Device(at::kMeta);
    return at::Device(at::kCUDA, static_cast<at::DeviceIndex>(device.index));
}

inline at::TensorOptions options(ct_dtype dtype, ct_device on) {
    return at::TensorOptions().dtype(scalar_type(dtype)).device(device(on));
}

/// Runs `body`; an exception becomes a message in `*error` and a zero result.
template <typename Body> auto guarded(char **error, Body body) -> decltype(body()) {
    try {
        return body();
    } catch (const c10::Error &failure) {
        *error = strdup(failure.what_without_backtrace());
    } catch (const std::exception &failure) {
        *error = strdup(failure.what());
    } catch (...) {
        *error = strdup("an unknown C++ exception");
    }
    return decltype(body())();
}

/// `guarded` for a body that makes a tensor.
template <typename Body> ct_tensor make(char **error, Body body) {
    return guarded(error, [&]() -> ct_tensor { return own(body()); });
}

} // namespace ctorch
