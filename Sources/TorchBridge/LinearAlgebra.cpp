#include "GradientSum.hpp"
#include "Kernels/ViewMixing.hpp"

#include <ATen/ops/addmm.h>
#include <ATen/ops/baddbmm.h>
#include <ATen/ops/cross_entropy_loss.h>

using namespace ctorch;

namespace {

/// `x · weight + bias`, so that a weight that may contributes the factors of its gradient.
at::Tensor multiplied(const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &bias) {
    return mixed_views({x}, 0, weight, bias, {weight.size(1)})[0];
}

} // namespace

ct_tensor ct_matmul(ct_tensor a, ct_tensor b, char **error) {
    return make(error, [&] {
        auto left = borrow(a), right = borrow(b);
        return Contribution::suits(left, right) ? multiplied(left, right, std::nullopt) : left.matmul(right);
    });
}

ct_tensor ct_affine(ct_tensor a, ct_tensor b, ct_tensor bias, char **error) {
    return make(error, [&] {
        auto input = borrow(a), weight = borrow(b);
        TORCH_CHECK(input.dim() > 0, "expected an input with at least one axis, got a scalar");
        auto shape = input.sizes().vec();
        shape.back() = weight.size(1);
        auto rows = input.reshape({-1, input.size(-1)});
        auto result = Contribution::suits(rows, weight) ? multiplied(rows, weight, borrow(bias))
                                                        : at::addmm(borrow(bias), rows, weight);
        return result.view(shape);
    });
}

ct_tensor ct_batched_affine(ct_tensor a, ct_tensor weight, ct_tensor bias, char **error) {
    return make(error, [&] { return at::baddbmm(borrow(bias).unsqueeze(-1), borrow(weight), borrow(a)); });
}

ct_tensor ct_cross_entropy(ct_tensor logits, ct_tensor labels, double smoothing, char **error) {
    return make(error, [&] {
        return at::cross_entropy_loss(borrow(logits), borrow(labels), {}, /*reduction: mean*/ 1, -100, smoothing);
    });
}
