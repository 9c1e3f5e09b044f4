#include "ViewMixing.hpp"
#include "GradientSum.hpp"
#include "ThinProduct.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/threshold_backward.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

using namespace ctorch;

namespace {

using Context = torch::autograd::AutogradContext;
using List = torch::autograd::variable_list;

/// Views side by side, their channels mixed, and what is written split again: three operators and their gradients as one.
///
/// A view with one axis more than asked for is averaged over that, the first behind the batch.
struct ViewMixing : torch::autograd::Function<ViewMixing> {
    struct Form {
        int64_t axes;                // of every view that is not averaged
        std::vector<int64_t> widths; // written
    };

    static List forward(
        Context *context, const at::TensorList &views, const at::Tensor &weight, const std::optional<at::Tensor> &bias,
        const Form *form) {
        at::AutoDispatchBelowADInplaceOrView untracked;
        List read;
        std::vector<int64_t> widths, counts;
        for (auto &view : views) {
            const bool averages = view.dim() == form->axes + 3;
            read.push_back(averages ? view.mean(1) : view);
            widths.push_back(view.size(-1));
            counts.push_back(averages ? view.size(1) : 0);
        }
        auto side_by_side = read.size() == 1 ? read[0] : at::cat(read, -1);
        auto shape = side_by_side.sizes().vec();
        auto rows = side_by_side.reshape({-1, shape.back()});
        auto mixed = product(rows, weight, bias);
        shape.back() = mixed.size(1);
        context->save_for_backward({rows, weight});
        context->saved_data["counts"] = counts;
        context->saved_data["shape"] = shape;
        context->saved_data["read"] = widths;
        context->saved_data["written"] = form->widths;
        context->saved_data["has_bias"] = bias.has_value();
        context->set_materialize_grads(false);
        return mixed.view(shape).split_with_sizes(form->widths, -1);
    }

    static List backward(Context *context, List gradients) {
        at::AutoDispatchBelowADInplaceOrView untracked;
        const auto saved = context->get_saved_variables();
        const at::Tensor &rows = saved[0], &weight = saved[1];
        auto shape = context->saved_data["shape"].toIntVector();
        const auto written = context->saved_data["written"].toIntVector(), read = context->saved_data["read"].toIntVector();
        const auto counts = context->saved_data["counts"].toIntVector();
        for (size_t i = 0; i < gradients.size(); ++i)
            if (!gradients[i].defined()) {
                shape.back() = written[i];
                gradients[i] = at::zeros({}, rows.options()).expand(shape);
            }
        auto side_by_side = gradients.size() == 1 ? gradients[0] : at::cat(gradients, -1);
        auto gradient = side_by_side.reshape({rows.size(0), weight.size(1)});

        List results(read.size());
        bool needs_views = false;
        for (size_t i = 0; i < read.size(); ++i) needs_views |= context->needs_input_grad(i);
        if (needs_views) {
            shape.back() = weight.size(0);
            results = product_with_transposed(gradient, weight).view(shape).split_with_sizes(read, -1);
            for (size_t i = 0; i < read.size(); ++i) {
                if (counts[i] == 0) continue;
                auto spread = results[i].sizes().vec();
                spread.insert(spread.begin() + 1, counts[i]);
                results[i] = results[i].div(static_cast<double>(counts[i])).unsqueeze(1).expand(spread);
            }
        }
        results.push_back(
            context->needs_input_grad(read.size()) ? Contribution::of_weight(rows, weight, gradient) : at::Tensor());
        results.push_back(context->saved_data["has_bias"].toBool() ? gradient.sum(0) : at::Tensor());
        results.emplace_back();
        return results;
    }
};

/// `vectors + scalars`, rectified where asked, as one operator.
struct VectorSum : torch::autograd::Function<VectorSum> {
    static at::Tensor forward(Context *context, const at::Tensor &vectors, const at::Tensor &scalars, bool rectifies) {
        at::AutoDispatchBelowADInplaceOrView untracked;
        auto sum = vectors.add(scalars.unsqueeze(1));
        if (rectifies) sum.relu_();
        context->save_for_backward({rectifies ? sum : at::Tensor()});
        return sum;
    }

    static List backward(Context *context, List gradients) {
        at::AutoDispatchBelowADInplaceOrView untracked;
        const auto sum = context->get_saved_variables()[0];
        const auto gradient = sum.defined() ? at::threshold_backward(gradients[0], sum, 0) : gradients[0];
        return {gradient, gradient.sum(1), at::Tensor()};
    }
};

} // namespace

std::vector<at::Tensor> ctorch::mixed_views(
    const std::vector<at::Tensor> &views, int64_t axes, const at::Tensor &weight, const std::optional<at::Tensor> &bias,
    const std::vector<int64_t> &widths) {
    int64_t read = 0, written = 0;
    for (auto &view : views) {
        TORCH_CHECK(
            view.dim() == axes + 2 || view.dim() == axes + 3, "expected views of ", axes, " axes, got ", view.sizes());
        read += view.size(-1);
    }
    for (int64_t width : widths) written += width;
    TORCH_CHECK(
        weight.sizes().equals({read, written}), "expected weight [", read, ", ", written, "], got ", weight.sizes());
    TORCH_CHECK(!bias || bias->sizes().equals({written}), "expected bias [", written, "], got ", bias->sizes());
    const ViewMixing::Form form{axes, widths};
    return ViewMixing::apply(at::TensorList(views), weight, bias, &form);
}

void ct_view_mixing(
    ct_tensors views, int64_t axes, ct_tensor weight, ct_tensor bias, ct_sizes widths, ct_tensor *results, char **error) {
    guarded(error, [&] {
        auto mixed = mixed_views(
            list(views), axes, borrow(weight), borrow_optional(bias), sizes(widths).vec());
        for (size_t i = 0; i < mixed.size(); ++i) results[i] = own(mixed[i]);
    });
}

ct_tensor ct_vector_sum(ct_tensor vectors, ct_tensor scalars, bool rectifies, char **error) {
    return make(error, [&] {
        auto all = borrow(vectors), same = borrow(scalars);
        TORCH_CHECK(
            all.dim() == 3 && same.sizes().equals({all.size(0), all.size(2)}), "expected vectors [batch, n, width] and scalars "
            "[batch, width], got ", all.sizes(), " and ", same.sizes());
        return VectorSum::apply(all, same, rectifies);
    });
}
