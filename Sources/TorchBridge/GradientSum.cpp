#include "GradientSum.hpp"

#include <ATen/ops/cat.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/functions/utils.h>

#include <memory>

using namespace ctorch;

namespace {

/// The tensor itself where nothing else sees its elements, else a copy.
at::Tensor owned(at::Tensor gradient) {
    const bool is_alone = gradient.use_count() == 1 && gradient.storage().use_count() == 1;
    const bool is_whole = gradient.is_contiguous() && gradient.storage().nbytes() == gradient.nbytes();
    return is_alone && is_whole ? std::move(gradient) : gradient.clone(at::MemoryFormat::Contiguous);
}

} // namespace

void ct_gradient_sum_impl::add(size_t parameter, size_t part, at::Tensor gradient) {
    std::unique_lock lock(mutex);
    sums[parameter].waiting.emplace(part, std::move(gradient));
    advance(sums[parameter], lock);
}

void ct_gradient_sum_impl::add(size_t parameter, size_t part, Product product) {
    std::lock_guard lock(mutex);
    sums[parameter].products[part].push_back(std::move(product));
}

void ct_gradient_sum_impl::end(size_t part) {
    std::unique_lock lock(mutex);
    ended[part] = true;
    for (auto &sum : sums) advance(sum, lock);
}

void ct_gradient_sum_impl::advance(Sum &sum, std::unique_lock<std::mutex> &lock) {
    if (sum.is_busy) return;
    sum.is_busy = true;
    for (; sum.turn < ended.size(); ++sum.turn) {
        auto next = sum.waiting.extract(sum.turn);
        if (next.empty() && !ended[sum.turn]) break;
        if (next.empty()) continue;
        lock.unlock();
        if (sum.total.defined()) sum.total.add_(next.mapped());
        else sum.total = owned(std::move(next.mapped()));
        next = {};
        lock.lock();
    }
    sum.is_busy = false;
}

ct_gradient_sum_impl::Product ct_gradient_sum_impl::take(size_t parameter) {
    Sum sum = std::exchange(sums.at(parameter), {});
    if (sum.products.empty()) return {sum.total, {}};
    std::vector<at::Tensor> left, right;
    for (auto &[part, products] : sum.products)
        for (auto &product : products) {
            left.push_back(std::move(product.left));
            right.push_back(std::move(product.right));
        }
    Product all{at::cat(left), at::cat(right)};
    return sum.total.defined() ? Product{sum.total.addmm_(all.left.t(), all.right), {}} : all;
}

ct_gradient_sum ct_gradient_sum_create(size_t parameters, size_t parts, char **error) {
    return guarded(error, [&] { return new ct_gradient_sum_impl(parameters, parts); });
}

void ct_gradient_sum_release(ct_gradient_sum sum) { delete sum; }

ct_tensor ct_contributing(ct_tensor parameter, ct_gradient_sum sum, size_t index, size_t part, char **error) {
    return make(error, [&] {
        auto variable = borrow(parameter).detach();
        // Which kind of pointer that is changed with libtorch 2.13.
        using Pointer = std::decay_t<decltype(variable.grad_fn())>;
        std::unique_ptr<torch::autograd::Node> node = std::make_unique<Contribution>(sum, index, part);
        torch::autograd::set_history(variable, Pointer(std::move(node)));
        return variable;
    });
}

void ct_add_gradients(ct_tensors outputs, ct_tensors weights, ct_gradient_sum sum, size_t part, char **error) {
    guarded(error, [&] {
        torch::autograd::backward(list(outputs), list(weights));
        sum->end(part);
    });
}

void ct_gradient_total(ct_gradient_sum sum, size_t index, ct_tensor *factors, char **error) {
    guarded(error, [&] {
        auto total = sum->take(index);
        factors[0] = total.left.defined() ? own(std::move(total.left)) : nullptr;
        factors[1] = total.right.defined() ? own(std::move(total.right)) : nullptr;
    });
}
