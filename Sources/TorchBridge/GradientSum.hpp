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

    torch::autograd::variable_list apply(torch::autograd::variable_list &&gradients) override {
        if (gradients[0].defined()) sum->add(parameter, part, std::move(gradients[0]));
        return {};
    }
};

} // namespace ctorch
