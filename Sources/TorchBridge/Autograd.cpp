#include "Guard.hpp"

#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/autograd.h>

using namespace ctorch;

ct_tensor ct_detached(ct_tensor tensor, bool requires_gradient, char **error) {
    return make(error, [&] { return borrow(tensor).detach().requires_grad_(requires_gradient); });
}

bool ct_requires_gradient(ct_tensor tensor) { return borrow(tensor).requires_grad(); }

void ct_gradients(
    ct_tensors outputs, ct_tensors weights, ct_tensors inputs, ct_tensor *gradients, char **error) {
    guarded(error, [&] {
        auto results = torch::autograd::grad(
            list(outputs), list(inputs), list(weights), /*retain_graph=*/false, /*create_graph=*/false,
            /*allow_unused=*/true);
        for (size_t i = 0; i < results.size(); ++i)
            gradients[i] = results[i].defined() ? own(results[i].contiguous()) : nullptr;
    });
}

bool ct_gradient_mode(void) { return c10::GradMode::is_enabled(); }

void ct_set_gradient_mode(bool enabled) { c10::GradMode::set_enabled(enabled); }
