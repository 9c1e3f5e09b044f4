#include "Guard.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>

#include <atomic>

using namespace ctorch;

void ct_tensor_release(ct_tensor tensor) { Pointer::reclaim(reinterpret_cast<at::TensorImpl *>(tensor)); }

int32_t ct_rank(ct_tensor tensor) { return static_cast<int32_t>(reinterpret_cast<at::TensorImpl *>(tensor)->dim()); }

int64_t ct_size(ct_tensor tensor, int32_t dimension) {
    return reinterpret_cast<at::TensorImpl *>(tensor)->sizes()[dimension];
}

ct_dtype ct_tensor_dtype(ct_tensor tensor) {
    switch (borrow(tensor).scalar_type()) {
    case at::kFloat: return CT_FLOAT32;
    case at::kDouble: return CT_FLOAT64;
    case at::kHalf: return CT_FLOAT16;
    case at::kBFloat16: return CT_BFLOAT16;
    case at::kInt: return CT_INT32;
    case at::kShort: return CT_INT16;
    case at::kChar: return CT_INT8;
    case at::kByte: return CT_UINT8;
    case at::kBool: return CT_BOOL;
    default: return CT_INT64;
    }
}

ct_device ct_tensor_device(ct_tensor tensor) {
    auto device = borrow(tensor).device();
    return {device.is_cpu() ? -1 : device.is_meta() ? -2 : static_cast<int32_t>(device.index())};
}

ct_tensor ct_from_bytes(const void *bytes, ct_sizes shape, ct_dtype dtype, ct_device on, char **error) {
    return make(error, [&] {
        auto host = at::empty(sizes(shape), options(dtype, {-1}));
        if (host.nbytes() > 0) std::memcpy(host.mutable_data_ptr(), bytes, host.nbytes());
        return host.to(device(on));
    });
}

void ct_copy_bytes(ct_tensor tensor, void *bytes, size_t capacity, char **error) {
    guarded(error, [&] {
        auto host = borrow(tensor).detach().to(at::kCPU).contiguous();
        TORCH_CHECK(host.nbytes() <= capacity, "the tensor has ", host.nbytes(), " bytes, there is room for ", capacity);
        if (host.nbytes() > 0) std::memcpy(bytes, host.const_data_ptr(), host.nbytes());
    });
}

ct_tensor ct_full(ct_sizes shape, double value, ct_dtype dtype, ct_device on, char **error) {
    return make(error, [&] { return at::full(sizes(shape), value, options(dtype, on)); });
}

ct_tensor ct_clone(ct_tensor tensor, char **error) {
    return make(error, [&] { return borrow(tensor).clone(at::MemoryFormat::Contiguous); });
}

bool ct_owns_storage(ct_tensor handle) {
    auto tensor = borrow(handle);
    return owns_storage(tensor, 2); // the handle and `tensor`
}

ct_tensor ct_to(ct_tensor tensor, ct_dtype dtype, ct_device on, char **error) {
    return make(error, [&] { return borrow(tensor).to(options(dtype, on)); });
}
