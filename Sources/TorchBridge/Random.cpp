#include "Guard.hpp"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/empty.h>

#include <random>

using namespace ctorch;

namespace {

/// A generator on the CPU, so that a seed means the same on every device.
///
/// libtorch seeds a Mersenne twister from 32 bits, and thousands of seeds would collide; here every state word depends
/// on all 64.
at::Generator generator(uint64_t seed) {
    at::mt19937 engine;
    auto state = engine.data();
    std::seed_seq words{static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)};
    words.generate(state.state_.begin(), state.state_.end());
    engine.set_data(state);
    auto result = at::detail::createCPUGenerator();
    result.get<at::CPUGeneratorImpl>()->set_engine(engine);
    return result;
}

} // namespace

ct_tensor ct_uniform(
    ct_sizes shape, double low, double high, uint64_t seed, ct_dtype dtype, ct_device on, char **error) {
    return make(error, [&] {
        auto values = at::empty(sizes(shape), options(dtype, {-1}));
        values.uniform_(low, high, generator(seed));
        return values.to(device(on));
    });
}

ct_tensor ct_normal(ct_sizes shape, uint64_t seed, ct_dtype dtype, ct_device on, char **error) {
    return make(error, [&] {
        auto values = at::empty(sizes(shape), options(dtype, {-1}));
        values.normal_(0, 1, generator(seed));
        return values.to(device(on));
    });
}
