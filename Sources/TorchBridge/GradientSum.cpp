#include "GradientSum.hpp"

#include <ATen/ops/cat.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/functions/utils.h>

#include <memory>

using namespace ctorch;

namespace {

using Product = ct_gradient_sum_impl::Product;

/// The tensor itself where nothing else sees its elements, else a copy.
at::Tensor owned(at::Tensor gradient) {
    return owns_storage(gradient, 1) ? std::move(gradient) : gradient.clone(at::MemoryFormat::Contiguous);
}

/// The sum of products as one.
Product joined(const std::vector<Product> &products) {
    std::vector<at::Tensor> left, right;
    for (auto &product : products) left.push_back(product.left), right.push_back(product.right);
    return {at::cat(left), at::cat(right)};
}

/// `whole`, which may be undefined, plus a product.
at::Tensor multiplied_out(const Product &product, const at::Tensor &whole) {
    auto result = product.left.t().mm(product.right);
    return whole.defined() ? result.add_(whole) : result;
}

} // namespace

void ct_gradient_sum_impl::require(size_t parameter, size_t part) {
    std::lock_guard lock(mutex);
    TORCH_CHECK(parameter < sums.size(), "expected one of ", sums.size(), " parameters, got number ", parameter);
    TORCH_CHECK(part < ended.size(), "expected one of ", ended.size(), " parts, got number ", part);
    TORCH_CHECK(!ended[part], "part ", part, " has contributed already");
}

void ct_gradient_sum_impl::add(size_t parameter, size_t part, Product product) {
    std::lock_guard lock(mutex);
    sums[parameter].products[part].push_back(std::move(product));
}

void ct_gradient_sum_impl::complete(size_t parameter, size_t part, at::Tensor gradient) {
    std::unique_lock lock(mutex);
    Sum &sum = sums[parameter];
    if (auto found = sum.products.find(part); found != sum.products.end()) {
        int64_t rows = 0;
        for (auto &product : found->second) rows += product.left.size(0);
        const auto &example = found->second.front();
        if (gradient.defined() || !suits(rows, example.left.size(1), example.right.size(1))) {
            const auto products = std::move(sum.products.extract(found).mapped());
            lock.unlock();
            gradient = multiplied_out(joined(products), gradient);
            lock.lock();
        }
    }
    if (!gradient.defined()) return;
    sum.waiting.emplace(part, std::move(gradient));
    advance(sum, lock);
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

Product ct_gradient_sum_impl::take(size_t parameter) {
    std::lock_guard lock(mutex);
    for (bool has_ended : ended) TORCH_CHECK(has_ended, "expected all parts to have contributed");
    Sum sum = std::exchange(sums.at(parameter), {});
    std::vector<Product> products;
    for (auto &[part, of_part] : sum.products)
        for (auto &product : of_part) products.push_back(std::move(product));
    if (products.empty()) return {sum.total, {}};
    const auto product = joined(products);
    return sum.total.defined() ? Product{multiplied_out(product, sum.total), {}} : product;
}

ct_gradient_sum ct_gradient_sum_create(size_t parameters, size_t parts, char **error) {
    return guarded(error, [&] { return c10::make_intrusive<ct_gradient_sum_impl>(parameters, parts).release(); });
}

void ct_gradient_sum_release(ct_gradient_sum sum) { c10::intrusive_ptr<ct_gradient_sum_impl>::reclaim(sum); }

ct_tensor ct_contributing(ct_tensor parameter, ct_gradient_sum sum, size_t index, size_t part, char **error) {
    return make(error, [&] {
        sum->require(index, part);
        auto variable = borrow(parameter).detach();
        // Which kind of pointer that is changed with libtorch 2.13.
        using Pointer = std::decay_t<decltype(variable.grad_fn())>;
        std::unique_ptr<torch::autograd::Node> node = std::make_unique<Contribution>(
            c10::intrusive_ptr<ct_gradient_sum_impl>::reclaim_copy(sum), index, part);
        torch::autograd::set_history(variable, Pointer(std::move(node)));
        return variable;
    });
}

void ct_add_gradients(ct_tensors outputs, ct_tensors weights, ct_gradient_sum sum, size_t part, char **error) {
    guarded(error, [&] {
        sum->require(0, part);
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
