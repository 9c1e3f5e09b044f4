#include "Guard.hpp"

#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>

using namespace ctorch;

namespace {

at::Tensor flattened(ct_tensors tensors) {
    auto parts = list(tensors);
    for (auto &part : parts) part = part.detach().reshape({-1});
    return at::cat(parts);
}

} // namespace

ct_tensor ct_adamw_step(
    ct_tensors parameters, ct_tensors gradients, ct_tensor first_moment, ct_tensor second_moment, int64_t step,
    double learning_rate, double beta1, double beta2, double epsilon, double weight_decay, char **error) {
    return make(error, [&] {
        auto updated = flattened(parameters);
        auto count = at::full({}, static_cast<double>(step), updated.options().dtype(at::kFloat));
        at::_fused_adamw_(
            {updated}, {flattened(gradients)}, {borrow(first_moment)}, {borrow(second_moment)}, {}, {count},
            learning_rate, beta1, beta2, weight_decay, epsilon, /*amsgrad=*/false, /*maximize=*/false);
        return updated;
    });
}
