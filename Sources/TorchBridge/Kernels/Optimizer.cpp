#include "Guard.hpp"
#include "Vectorized.hpp"

#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>

#include <cmath>
#include <limits>

using namespace ctorch;

namespace {

at::Tensor flattened(ct_tensors tensors) {
    auto parts = list(tensors);
    for (auto &part : parts) part = part.detach().reshape({-1});
    return at::cat(parts);
}

/// Elements of one parameter that lie in a stretch, and the gradients that are summed for them.
template <typename T> struct Piece {
    size_t owner; // the number of the parameter
    int64_t start; // where the piece begins in it
    int64_t place; // where it begins in all parameters, laid end to end
    int64_t count;
    const T *parameter;
    std::vector<const T *> gradients;
};

const at::Tensor &checked(const at::Tensor &tensor, at::ScalarType type) {
    TORCH_CHECK(
        tensor.is_cpu() && tensor.scalar_type() == type && tensor.is_contiguous(), "expected row-major ", type,
        " on the CPU, got ", tensor.toString());
    return tensor;
}

/// Calls `body` with each piece of a stretch of the parameters.
template <typename T, typename Body>
void for_each_piece(
    const std::vector<at::Tensor> &parameters, const std::vector<at::Tensor> &gradients, int64_t first, int64_t count,
    Body body) {
    const auto type = c10::CppTypeToScalarType<T>::value;
    int64_t start = 0;
    for (size_t i = 0; i < parameters.size(); start += parameters[i++].numel()) {
        const int64_t low = std::max(first, start), high = std::min(first + count, start + parameters[i].numel());
        if (low >= high) continue;
        const auto elements = [&](const at::Tensor &tensor) {
            return checked(tensor, type).template const_data_ptr<T>() + (low - start);
        };
        Piece<T> piece{i, low - start, low, high - low, elements(parameters[i]), {}};
        for (size_t part = i; part < gradients.size(); part += parameters.size()) {
            TORCH_CHECK(gradients[part].sizes() == parameters[i].sizes(), "expected a gradient of the parameter's shape");
            piece.gradients.push_back(elements(gradients[part]));
        }
        body(piece);
    }
}

constexpr int64_t run_length = 256;

template <typename T> INLINE void sum_run(const Piece<T> &piece, int64_t start, int64_t count, T *sums) {
    for (int64_t i = 0; i < count; ++i) sums[i] = piece.gradients[0][start + i];
    for (size_t part = 1; part < piece.gradients.size(); ++part) {
        const T *gradient = piece.gradients[part] + start;
        for (int64_t i = 0; i < count; ++i) sums[i] += gradient[i];
    }
}

template <typename T> struct SquareSum {
    const Piece<T> &piece;
    double &total;

    template <int> INLINE void run() const {
        constexpr int64_t lanes = 8;
        T sums[run_length];
        for (int64_t start = 0; start < piece.count; start += run_length) {
            const int64_t count = std::min(run_length, piece.count - start);
            sum_run(piece, start, count, sums);
            for (int64_t i = count; i % lanes != 0; ++i) sums[i] = 0;
            T squares[lanes] = {};
            for (int64_t i = 0; i < count; i += lanes)
                for (int64_t lane = 0; lane < lanes; ++lane) squares[lane] += sums[i + lane] * sums[i + lane];
            for (T square : squares) total += static_cast<double>(square);
        }
    }
};

template <typename T> struct Update {
    const Piece<T> &piece;
    const ct_adamw &rule;
    T *updated, *first_moment, *second_moment;

    /// Zero instead of numbers so small that processors take a hundred times as long with them: where a unit is dead, its
    /// mean gradient would come to rest among these and not at zero, because 0.9 times the smallest is rounded up.
    static INLINE T normal(T x) { return std::abs(x) < std::numeric_limits<T>::min() ? T(0) : x; }

    template <int> INLINE void run() const {
        const T kept = static_cast<T>(1 - rule.learning_rate * rule.weight_decay), scale = static_cast<T>(rule.gradient_scale);
        const T rate = static_cast<T>(rule.learning_rate / (1 - std::pow(rule.beta1, rule.step)));
        const T root = static_cast<T>(1 / std::sqrt(1 - std::pow(rule.beta2, rule.step)));
        const T beta1 = static_cast<T>(rule.beta1), beta2 = static_cast<T>(rule.beta2), epsilon = static_cast<T>(rule.epsilon);
        const T rest1 = static_cast<T>(1 - rule.beta1), rest2 = static_cast<T>(1 - rule.beta2);
        T sums[run_length];
        for (int64_t start = 0; start < piece.count; start += run_length) {
            const int64_t count = std::min(run_length, piece.count - start);
            sum_run(piece, start, count, sums);
            const T *parameter = piece.parameter + start;
            T *to = updated + start, *m = first_moment + start, *v = second_moment + start;
            for (int64_t i = 0; i < count; ++i) {
                const T gradient = sums[i] * scale;
                const T mean = normal(m[i] * beta1 + gradient * rest1);
                const T square = v[i] * beta2 + gradient * gradient * rest2;
                m[i] = mean;
                v[i] = square;
                to[i] = parameter[i] * kept - rate * mean / (std::sqrt(square) * root + epsilon);
            }
        }
    }
};

template <typename Body> void with_type(at::ScalarType type, Body body) {
    if (type == at::kFloat) return body.template operator()<float>();
    TORCH_CHECK(type == at::kDouble, "expected parameters of float32 or float64, got ", type);
    body.template operator()<double>();
}

} // namespace

double ct_gradient_square_sum(ct_tensors gradients, size_t parts, int64_t first, int64_t count, char **error) {
    return guarded(error, [&] {
        const auto all = list(gradients);
        const std::vector<at::Tensor> shapes(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(all.size() / parts));
        double total = 0;
        with_type(shapes.at(0).scalar_type(), [&]<typename T>() {
            for_each_piece<T>(
                shapes, all, first, count, [&](const Piece<T> &piece) { run_vectorized(SquareSum<T>{piece, total}); });
        });
        return total;
    });
}

void ct_adamw_update(
    ct_tensors parameters, ct_tensors gradients, ct_adamw rule, ct_tensors updated, ct_tensor first_moment,
    ct_tensor second_moment, int64_t first, int64_t count, char **error) {
    guarded(error, [&] {
        const auto from = list(parameters), all = list(gradients), to = list(updated);
        auto m = borrow(first_moment), v = borrow(second_moment);
        const auto type = m.scalar_type();
        with_type(type, [&]<typename T>() {
            for (auto &flat : {m, v}) {
                checked(flat, type);
                TORCH_CHECK(first >= 0 && count >= 0 && first + count <= flat.numel(), "expected a stretch of ", flat.numel());
            }
            for_each_piece<T>(from, all, first, count, [&](const Piece<T> &piece) {
                const at::Tensor &owner = checked(to.at(piece.owner), type);
                TORCH_CHECK(owner.numel() == from[piece.owner].numel(), "expected room for a parameter");
                run_vectorized(Update<T>{
                    piece, rule, owner.template mutable_data_ptr<T>() + piece.start,
                    m.template mutable_data_ptr<T>() + piece.place, v.template mutable_data_ptr<T>() + piece.place});
            });
        });
    });
}

ct_tensor ct_adamw_step(
    ct_tensors parameters, ct_tensors gradients, ct_adamw rule, ct_tensor first_moment, ct_tensor second_moment,
    char **error) {
    return make(error, [&] {
        auto updated = flattened(parameters);
        auto count = at::full({}, rule.step, updated.options().dtype(at::kFloat));
        at::_fused_adamw_(
            {updated}, {flattened(gradients).mul(rule.gradient_scale)}, {borrow(first_moment)}, {borrow(second_moment)}, {},
            {count}, rule.learning_rate, rule.beta1, rule.beta2, rule.weight_decay, rule.epsilon, /*amsgrad=*/false,
            /*maximize=*/false);
        return updated;
    });
}
