#include "Guard.hpp"
#include "SineDescent.hpp"

#include <cmath>
#include <limits>

using namespace ctorch;

namespace {

at::Tensor floats(ct_tensor tensor) {
    auto result = borrow(tensor).detach();
    TORCH_CHECK(result.is_cpu() && result.scalar_type() == at::kFloat, "expected float32 on the CPU");
    return result.contiguous();
}

int64_t parameter_count(const std::vector<int64_t> &widths) {
    int64_t count = 0;
    for (size_t l = 0; l + 1 < widths.size(); ++l) count += (widths[l] + 1) * widths[l + 1];
    return count;
}

SineDescent::Rate rate(const ct_adam &adam, size_t index) {
    const double step = static_cast<double>(adam.steps_taken) + static_cast<double>(index) + 1;
    return {
        static_cast<float>(adam.learning_rates[index] / (1 - std::pow(adam.beta1, step))),
        static_cast<float>(1 / std::sqrt(1 - std::pow(adam.beta2, step)))};
}

} // namespace

ct_tensor ct_sine_network_descent(
    ct_tensor state, ct_sine_network network, ct_adam adam, ct_tensor rows, ct_tensor columns, ct_tensor targets,
    ct_tensor samples, char **error) {
    return make(error, [&] {
        SineDescent descent;
        descent.widths.assign(network.widths.data, network.widths.data + network.widths.count);
        descent.first_omega = static_cast<float>(network.first_omega);
        descent.hidden_omega = static_cast<float>(network.hidden_omega);
        descent.beta1 = static_cast<float>(adam.beta1);
        descent.beta2 = static_cast<float>(adam.beta2);
        descent.epsilon = static_cast<float>(adam.epsilon);
        for (size_t i = 0; i < adam.count; ++i) descent.rates.push_back(rate(adam, i));

        auto result = floats(state).clone();
        auto heights = floats(rows), widths = floats(columns), colours = floats(targets);
        descent.networks = result.size(0);
        descent.height = heights.numel();
        descent.width = widths.numel();
        const int64_t pixels = descent.height * descent.width;
        TORCH_CHECK(descent.widths.size() > 1 && descent.widths[0] == 2, "expected a network of two coordinates");
        TORCH_CHECK(pixels <= std::numeric_limits<int32_t>::max(), "expected fewer pixels than ", pixels);
        TORCH_CHECK(
            result.sizes().equals({descent.networks, 3, parameter_count(descent.widths)}),
            "expected parameters and two moments of ", at::IntArrayRef(descent.widths), ", got ", result.sizes());
        TORCH_CHECK(
            colours.sizes().equals({descent.networks, pixels, descent.widths.back()}), "expected targets [",
            descent.networks, ", ", pixels, ", ", descent.widths.back(), "], got ", colours.sizes());
        at::Tensor chosen;
        descent.seen = pixels;
        descent.samples = nullptr;
        if (samples) {
            chosen = borrow(samples).contiguous();
            const int64_t steps = static_cast<int64_t>(adam.count);
            TORCH_CHECK(
                chosen.scalar_type() == at::kLong && chosen.dim() == 2 && chosen.size(0) == steps,
                "expected int64 samples for ", steps, " steps, got ", chosen.sizes());
            descent.seen = chosen.size(1);
            descent.samples = chosen.const_data_ptr<int64_t>();
            for (int64_t i = 0; i < chosen.numel(); ++i)
                TORCH_CHECK(
                    descent.samples[i] >= 0 && descent.samples[i] < pixels, "expected one of ", pixels, " pixels, got ",
                    descent.samples[i]);
        }
        descent.rows = heights.const_data_ptr<float>();
        descent.columns = widths.const_data_ptr<float>();
        descent.targets = colours.const_data_ptr<float>();
        descent.state = result.mutable_data_ptr<float>();
        run_vectorized(descent);
        return result;
    });
}
