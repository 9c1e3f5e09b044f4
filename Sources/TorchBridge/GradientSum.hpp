#pragma once

#include "Guard.hpp"

#include <c10/util/intrusive_ptr.h>
#include <torch/csrc/autograd/function.h>

#include <map>
#include <mutex>
#include <vector>

/// One running sum for each parameter. What a part contributes before its turn waits, and whoever brings what was waited for
/// adds it as well, so nobody waits for a thread. The variables of its parts own it too.
struct ct_gradient_sum_impl : c10::intrusive_ptr_target {
    /// A contribution `leftᵀ · right`, of `[rows, read]` and `[rows, written]`.
    struct Product {
        at::Tensor left, right;
    };

    ct_gradient_sum_impl(size_t parameters, size_t parts) : sums(parameters), ended(parts) {}

    /// Keeps the factors, to be multiplied for all parts at once.
    void add(size_t parameter, size_t part, Product product);
    /// Adds what else a part contributes to a parameter, which may be undefined; no product follows.
    void complete(size_t parameter, size_t part, at::Tensor gradient);
    /// No contribution of the part follows.
    void end(size_t part);
    /// The sum as a product, or whole and without a right factor; nothing where no part contributed.
    Product take(size_t parameter);

    /// Throws unless there is such a parameter and a part that has not contributed yet.
    void require(size_t parameter, size_t part);

    /// Whether the factors `[rows of one part, read]` and `[rows, written]` are smaller than the gradient, and few operations
    /// are left for the sum.
    bool suits(int64_t rows, int64_t read, int64_t written) const {
        return 2 * rows * static_cast<int64_t>(ended.size()) * (read + written) <= read * written;
    }

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
    c10::intrusive_ptr<ct_gradient_sum_impl> sum;
    size_t parameter, part;

    /// The highest number goes first, so that no gradient waits in the engine.
    Contribution(c10::intrusive_ptr<ct_gradient_sum_impl> sum, size_t parameter, size_t part)
        : Node(UINT64_MAX), sum(std::move(sum)), parameter(parameter), part(part) {}

    /// Of a tensor that `ct_contributing` made, else null.
    static Contribution *of(const at::Tensor &variable) { return dynamic_cast<Contribution *>(variable.grad_fn().get()); }

    /// Whether a weight that multiplies these rows may contribute the factors of its gradient.
    static bool suits(const at::Tensor &rows, const at::Tensor &weight) {
        const auto contribution = rows.dim() == 2 && weight.dim() == 2 && weight.is_cpu() ? of(weight) : nullptr;
        return contribution && (weight.scalar_type() == at::kFloat || weight.scalar_type() == at::kDouble)
            && contribution->sum->suits(rows.size(0), weight.size(0), weight.size(1));
    }

    /// The gradient `rowsᵀ · gradient` of a weight; undefined where its factors are kept instead.
    static at::Tensor of_weight(const at::Tensor &rows, const at::Tensor &weight, const at::Tensor &gradient) {
        if (!suits(rows, weight)) return rows.t().mm(gradient);
        const auto contribution = of(weight);
        contribution->sum->add(
            contribution->parameter, contribution->part, {rows.detach().contiguous(), gradient.contiguous()});
        return {};
    }

    torch::autograd::variable_list apply(torch::autograd::variable_list &&gradients) override {
        sum->complete(parameter, part, std::move(gradients[0]));
        return {};
    }
};

} // namespace ctorch
