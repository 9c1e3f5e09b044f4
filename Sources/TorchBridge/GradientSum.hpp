#pragma once

#include "Guard.hpp"

#include <torch/csrc/autograd/function.h>

#include <map>
#include <mutex>
#include <vector>

/// One running sum for each parameter. What a part contributes before its turn waits, and whoever brings what was waited for
/// adds it as well, so nobody waits for a thread.
struct ct_gradient_sum_impl {
    /// A contribution `leftᵀ · right`, of `[rows, read]` and `[rows, written]`.
    struct Product {
        at::Tensor left, right;
    };

    ct_gradient_sum_impl(size_t parameters, size_t parts) : sums(parameters), ended(parts) {}

    void add(size_t parameter, size_t part, at::Tensor gradient);
    /// Keeps the factors, to be multiplied for all parts at once.
    void add(size_t parameter, size_t part, Product product);
    void end(size_t part);
    /// The sum as a product, or whole and without a right factor; nothing where no part contributed.
    Product take(size_t parameter);

    size_t parts() const { return ended.size(); }

private:
    struct Sum {
        at::Tensor total;
        size_t turn = 0; // the part that is added next
        bool is_busy = false;
        std::map<size_t, at::Tensor> waiting;
        std::map<size_t, std::vector<Product>> products;
    };

    std::mutex mutex;
    std::vector<Sum> sums;
    std::vector<bool> ended; // the parts that contribute nothing more

    void advance(Sum &sum, std::unique_lock<std::mutex> &lock);
};

namespace ctorch {

/// Where the gradient of one parameter leaves the computation of a part.
struct Contribution : torch::autograd::Node {
    ct_gradient_sum sum;
    size_t parameter, part;

    /// The highest number goes first, so that no gradient waits in the engine.
    Contribution(ct_gradient_sum sum, size_t parameter, size_t part)
        : Node(UINT64_MAX), sum(sum), parameter(parameter), part(part) {}

    /// Of a tensor that `ct_contributing` made, else null.
    static Contribution *of(const at::Tensor &variable) { return dynamic_cast<Contribution *>(variable.grad_fn().get()); }

    /// Whether the gradient of a weight that multiplies these rows is best kept as the factors that it is a product of: they
    /// are smaller than that itself, and few operations are left for the sum.
    static bool suits(const at::Tensor &rows, const at::Tensor &weight) {
        const auto contribution = rows.dim() == 2 && weight.dim() == 2 && weight.is_cpu() ? of(weight) : nullptr;
        if (!contribution || (weight.scalar_type() != at::kFloat && weight.scalar_type() != at::kDouble)) return false;
        const int64_t count = rows.size(0) * static_cast<int64_t>(contribution->sum->parts());
        return 2 * count * (weight.size(0) + weight.size(1)) <= weight.numel();
    }

    /// Adds `leftᵀ · right`.
    void add(const at::Tensor &left, const at::Tensor &right) {
        sum->add(parameter, part, {left.detach().contiguous(), right.contiguous()});
    }

    torch::autograd::variable_list apply(torch::autograd::variable_list &&gradients) override {
        if (gradients[0].defined()) sum->add(parameter, part, std::move(gradients[0]));
        return {};
    }
};

} // namespace ctorch
