#include "Guard.hpp"
#include "Vectorized.hpp"

#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>

#include <cmath>

using namespace ctorch;

namespace {

at::Tensor flattened(ct_tensors tensors) {
    auto parts = list(tensors);
    for (auto &part : parts) part = part.detach().reshape({-1});
    return at::cat(parts);
}

/// A tensor whose elements from `first` on can be read in order.
const at::Tensor &checked(const at::Tensor &tensor, at::ScalarType type, int64_t first, int64_t count) {
    TORCH_CHECK(
        tensor.is_cpu() && tensor.scalar_type() == type && tensor.is_contiguous(), "expected row-major ", type,
        " on the CPU, got ", tensor.toString());
    TORCH_CHECK(
        first >= 0 && count >= 0 && first <= tensor.numel() - count, "expected some of ", tensor.numel(), " elements");
    return tensor;
}

template <typename T> const T *elements(const at::Tensor &tensor, int64_t first, int64_t count) {
    return checked(tensor, c10::CppTypeToScalarType<T>::value, first, count).template const_data_ptr<T>() + first;
}

template <typename T> T *places(const at::Tensor &tensor, int64_t first, int64_t count) {
    return checked(tensor, c10::CppTypeToScalarType<T>::value, first, count).template mutable_data_ptr<T>() + first;
}

template <typename T> struct SquareSum {
    const T *gradient;
    int64_t count;
    double &total;

    template <int> INLINE void run() const {
        constexpr int64_t lanes = 8, run_length = 256;
        for (int64_t start = 0; start < count; start += run_length) {
            const T *from = gradient + start;
            const int64_t length = std::min(run_length, count - start), whole = length / lanes * lanes;
            T squares[lanes] = {};
            for (int64_t i = 0; i < whole; i += lanes)
                for (int64_t lane = 0; lane < lanes; ++lane) squares[lane] += from[i + lane] * from[i + lane];
            for (int64_t i = whole; i < length; ++i) squares[i - whole] += from[i] * from[i];
            for (T square : squares) total += static_cast<double>(square);
        }
    }
};

template <typename T> struct Update {
    int64_t count;
    const ct_adamw &rule;
    const T *gradients;
    T *parameter, *first_moment, *second_moment;

    template <int bytes> INLINE void run() const {
        using V = Vector<T, bytes>;
        using Lanes = typename V::Lanes;
        const T kept = static_cast<T>(1 - rule.learning_rate * rule.weight_decay), scale = static_cast<T>(rule.gradient_scale);
        const T rate = static_cast<T>(rule.learning_rate / (1 - std::pow(rule.beta1, rule.step)));
        const T root = static_cast<T>(1 / std::sqrt(1 - std::pow(rule.beta2, rule.step)));
        const T beta1 = static_cast<T>(rule.beta1), beta2 = static_cast<T>(rule.beta2), epsilon = static_cast<T>(rule.epsilon);
        const T rest1 = static_cast<T>(1 - rule.beta1), rest2 = static_cast<T>(1 - rule.beta2);
        for (int64_t i = 0; i < count; i += V::lanes) {
            const int64_t valid = count - i;
            const Lanes gradient = V::load(gradients + i, valid) * scale;
            // Where a unit is dead, its mean gradient would come to rest among the smallest numbers and not at zero, because
            // 0.9 times the smallest is rounded up.
            const Lanes mean = V::normal(V::load(first_moment + i, valid) * beta1 + gradient * rest1);
            const Lanes square = V::load(second_moment + i, valid) * beta2 + gradient * gradient * rest2;
            V::store(first_moment + i, mean, valid);
            V::store(second_moment + i, square, valid);
            const Lanes step = rate * mean / (__builtin_elementwise_sqrt(square) * root + epsilon);
            V::store(parameter + i, V::load(parameter + i, valid) * kept - step, valid);
        }
    }
};

template <typename Body> void with_type(at::ScalarType type, Body body) {
    if (type == at::kFloat) return body.template operator()<float>();
    TORCH_CHECK(type == at::kDouble, "expected parameters of float32 or float64, got ", type);
    body.template operator()<double>();
}

} // namespace

double ct_square_sum(ct_tensor gradient, int64_t first, int64_t count, char **error) {
    return guarded(error, [&] {
        const auto values = borrow(gradient);
        double total = 0;
        with_type(values.scalar_type(), [&]<typename T>() {
            run_vectorized(SquareSum<T>{elements<T>(values, first, count), count, total});
        });
        return total;
    });
}

void ct_adamw_update(
    ct_tensor parameter, ct_tensor left, ct_tensor right, ct_adamw rule, ct_tensor first_moment, ct_tensor second_moment,
    int64_t place, int64_t first, int64_t count, char **error) {
    guarded(error, [&] {
        const auto values = borrow(parameter);
        auto gradient = borrow(left);
        int64_t start = first;
        if (right) {
            const int64_t width = values.size(1);
            TORCH_CHECK(first % width == 0 && count % width == 0, "expected whole rows of ", width, " elements");
            gradient = gradient.narrow(1, first / width, count / width).t().mm(borrow(right));
            start = 0;
        }
        with_type(values.scalar_type(), [&]<typename T>() {
            run_vectorized(Update<T>{
                count, rule, elements<T>(gradient, start, count), places<T>(values, first, count),
                places<T>(borrow(first_moment), place + first, count),
                places<T>(borrow(second_moment), place + first, count)});
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
