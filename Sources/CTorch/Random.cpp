#include "Guard.hpp"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/empty.h>

using namespace ctorch;

// Numbers are drawn on the CPU, so that a seed means the same on every device.

ct_tensor ct_uniform(
    ct_sizes shape, double low, double high, uint64_t seed, ct_dtype dtype, ct_device on, char **error) {
    return make(error, [&] {
        auto values = at::empty(sizes(shape), options(dtype, {-1}));
        values.uniform_(low, high, at::detail::createCPUGenerator(seed));
        return values.to(device(on));
    });
}

ct_tensor ct_normal(ct_sizes shape, uint64_t seed, ct_dtype dtype, ct_device on, char **error) {
    return make(error, [&] {
        auto values = at::empty(sizes(shape), options(dtype, {-1}));
        values.normal_(0, 1, at::detail::createCPUGenerator(seed));
        return values.to(device(on));
    });
}
