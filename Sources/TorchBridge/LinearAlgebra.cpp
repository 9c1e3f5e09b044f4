#include "GradientSum.hpp"

#include <ATen/ops/addmm.h>
#include <ATen/ops/baddbmm.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/layer_norm.h>
#include <torch/csrc/autograd/custom_function.h>

using namespace ctorch;

namespace {

/// `x · weight + bias` for few rows `x` and a weight that contributes to a sum of gradients, whose own stays a product.
struct ThinAffine : torch::autograd::Function<ThinAffine> {
    using Context = torch::autograd::AutogradContext;
    using List = torch::autograd::variable_list;

    static at::Tensor forward(
        Context *context, const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &bias) {
        context->save_for_backward({x, weight});
        context->saved_data["has_bias"] = bias.has_value();
        return bias ? at::addmm(*bias, x, weight) : x.mm(weight);
    }

    static List backward(Context *context, List gradients) {
        const auto saved = context->get_saved_variables();
        const at::Tensor &x = saved[0], &weight = saved[1], &gradient = gradients[0];
        return {
            context->needs_input_grad(0) ? gradient.mm(weight.t()) : at::Tensor(),
            context->needs_input_grad(1) ? Contribution::of_weight(x, weight, gradient) : at::Tensor(),
            context->saved_data["has_bias"].toBool() ? gradient.sum(0) : at::Tensor()};
    }
};

} // namespace

ct_tensor ct_matmul(ct_tensor a, ct_tensor b, char **error) {
    return make(error, [&] {
        auto left = borrow(a), right = borrow(b);
        return Contribution::suits(left, right) ? ThinAffine::apply(left, right, std::nullopt) : left.matmul(right);
    });
}

ct_tensor ct_affine(ct_tensor a, ct_tensor b, ct_tensor bias, char **error) {
    return make(error, [&] {
        auto input = borrow(a), weight = borrow(b);
        TORCH_CHECK(input.dim() > 0, "expected an input with at least one axis, got a scalar");
        auto shape = input.sizes().vec();
        shape.back() = weight.size(1);
        auto rows = input.reshape({-1, input.size(-1)});
        auto result = Contribution::suits(rows, weight) ? ThinAffine::apply(rows, weight, std::optional(borrow(bias)))
                                                      : at::addmm(borrow(bias), rows, weight);
        return result.view(shape);
    });
}

ct_tensor ct_batched_affine(ct_tensor a, ct_tensor weight, ct_tensor bias, char **error) {
    return make(error, [&] { return at::baddbmm(borrow(bias).unsqueeze(-1), borrow(weight), borrow(a)); });
}

ct_tensor ct_layer_norm(ct_tensor a, ct_tensor scale, ct_tensor shift, double epsilon, char **error) {
    return make(error, [&] {
        auto input = borrow(a);
        return at::layer_norm(input, {input.size(-1)}, borrow(scale), borrow(shift), epsilon);
    });
}

ct_tensor ct_cross_entropy(ct_tensor logits, ct_tensor labels, double smoothing, char **error) {
    return make(error, [&] {
        return at::cross_entropy_loss(borrow(logits), borrow(labels), {}, /*reduction: mean*/ 1, -100, smoothing);
    });
}
