#include "Guard.hpp"
#include "MatrixStorage.hpp"
#include "Panels.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/layer_norm.h>
#include <torch/csrc/autograd/custom_function.h>

#include <vector>

using namespace ctorch;

namespace {

using Parameter = std::optional<at::Tensor>;

/// Rows of channels, `[count, width]`, and what normalises them.
template <typename S, typename T> struct Rows {
    int64_t count, width;
    const S *x;
    const T *scale, *shift; // filled up to whole vectors
    T epsilon;
    bool rectifies;

    /// Calls `body<V, rows>(first row)`, for several narrow rows at a time, which need not wait for each other's sums; in
    /// vectors that are not half empty.
    template <int bytes, typename Body> INLINE void for_each(Body body) const {
        using V = Vector<T, bytes>;
        if constexpr (bytes > 16)
            if (width <= V::lanes / 2) return for_each<bytes / 2>(body);
        int64_t row = 0;
        if (width <= 6 * V::lanes)
            for (; row + 4 <= count; row += 4) body.template operator()<V, 4>(row);
        for (; row < count; ++row) body.template operator()<V, 1>(row);
    }

    /// Some rows' means and the inverses of their deviations.
    template <typename V, int rows> struct Moments {
        T mean[rows], rate[rows];

        INLINE Moments(const Rows &all, int64_t row) {
            const S *from = all.x + row * all.width;
            const T share = 1 / static_cast<T>(all.width);
            typename V::Lanes sums[rows] = {}, squares[rows] = {};
            for (int64_t c = 0; c < all.width; c += V::lanes)
                UNROLLED for (int r = 0; r < rows; ++r) sums[r] += V::load(from + r * all.width + c, all.width - c);
            UNROLLED for (int r = 0; r < rows; ++r) mean[r] = V::sum(sums[r]) * share;
            for (int64_t c = 0; c < all.width; c += V::lanes)
                UNROLLED for (int r = 0; r < rows; ++r) {
                    const auto value = V::load(from + r * all.width + c, all.width - c);
                    const auto centred = V::first(all.width - c, value - mean[r]);
                    squares[r] += centred * centred;
                }
            UNROLLED for (int r = 0; r < rows; ++r)
                rate[r] = 1 / __builtin_elementwise_sqrt(V::sum(squares[r]) * share + all.epsilon);
        }
    };
};

template <typename S, typename T> struct Normalization {
    Rows<S, T> all;
    S *y;

    template <int bytes> INLINE void run() const {
        all.template for_each<bytes>([&]<typename V, int rows>(int64_t row) INLINE_LAMBDA {
            const typename Rows<S, T>::template Moments<V, rows> moments(all, row);
            for (int64_t c = 0; c < all.width; c += V::lanes) {
                const auto scale = V::load(all.scale + c), shift = V::load(all.shift + c);
                UNROLLED for (int r = 0; r < rows; ++r) {
                    const int64_t i = (row + r) * all.width + c, valid = all.width - c;
                    const auto value = (V::load(all.x + i, valid) - moments.mean[r]) * moments.rate[r] * scale + shift;
                    V::store(y + i, all.rectifies ? V::rectified(value) : value, valid);
                }
            }
        });
    }
};

template <typename S, typename T> struct NormalizationBackward {
    Rows<S, T> all;
    const S *y_gradient;
    S *x_gradient; // may be the same array
    T *scale_gradient, *shift_gradient; // zero at first, filled up to whole vectors

    template <int bytes> INLINE void run() const {
        const T share = 1 / static_cast<T>(all.width);
        all.template for_each<bytes>([&]<typename V, int rows>(int64_t row) INLINE_LAMBDA {
            using Lanes = typename V::Lanes;
            const typename Rows<S, T>::template Moments<V, rows> moments(all, row);
            // What a row is before it is scaled, and the gradient of what it becomes.
            const auto read = [&](int r, int64_t c, Lanes scale, Lanes shift) INLINE_LAMBDA {
                const int64_t i = (row + r) * all.width + c, valid = all.width - c;
                const Lanes standard = V::first(valid, (V::load(all.x + i, valid) - moments.mean[r]) * moments.rate[r]);
                const Lanes gradient = V::load(y_gradient + i, valid);
                return std::pair(
                    standard, all.rectifies ? V::where_positive(standard * scale + shift, gradient) : gradient);
            };
            Lanes sums[rows] = {}, alongs[rows] = {};
            for (int64_t c = 0; c < all.width; c += V::lanes) {
                const Lanes scale = V::load(all.scale + c), shift = V::load(all.shift + c);
                Lanes of_scale = V::load(scale_gradient + c), of_shift = V::load(shift_gradient + c);
                UNROLLED for (int r = 0; r < rows; ++r) {
                    const auto [standard, gradient] = read(r, c, scale, shift);
                    of_scale += gradient * standard;
                    of_shift += gradient;
                    const Lanes scaled = gradient * scale;
                    sums[r] += scaled;
                    alongs[r] += scaled * standard;
                }
                V::store(scale_gradient + c, of_scale);
                V::store(shift_gradient + c, of_shift);
            }
            T sum[rows], along[rows];
            UNROLLED for (int r = 0; r < rows; ++r) sum[r] = V::sum(sums[r]) * share, along[r] = V::sum(alongs[r]) * share;
            for (int64_t c = 0; c < all.width; c += V::lanes) {
                const Lanes scale = V::load(all.scale + c), shift = V::load(all.shift + c);
                UNROLLED for (int r = 0; r < rows; ++r) {
                    const auto [standard, gradient] = read(r, c, scale, shift);
                    const Lanes scaled = gradient * scale; // rounded, as in its sum
                    const Lanes rest = scaled - sum[r] - standard * along[r];
                    V::store(x_gradient + (row + r) * all.width + c, rest * moments.rate[r], all.width - c);
                }
            }
        });
    }
};

/// `value`, or a number for each channel, filled up to whole vectors of any width.
template <typename T> std::vector<T> filled(const at::Tensor &channels, int64_t width, T value) {
    std::vector<T> result(padded(width, 64 / sizeof(T)), value);
    if (channels.defined()) std::copy_n(elements<T>(channels), width, result.begin());
    return result;
}

/// Of rows `[…, width]`; no scale is one, no shift zero.
template <typename S, typename T> struct LayerNorm : torch::autograd::Function<LayerNorm<S, T>> {
    using Context = torch::autograd::AutogradContext;
    using List = torch::autograd::variable_list;

    static at::Tensor forward(
        Context *context, const at::Tensor &x, const Parameter &scale, const Parameter &shift, double epsilon,
        bool rectifies) {
        at::AutoDispatchBelowADInplaceOrView untracked;
        const auto saved_scale = scale.value_or(at::Tensor()), saved_shift = shift.value_or(at::Tensor());
        const auto scales = filled<T>(saved_scale, x.size(-1), 1), shifts = filled<T>(saved_shift, x.size(-1), 0);
        auto y = at::empty(x.sizes(), x.options());
        run_as<T>(Normalization<S, T>{rows(x, scales, shifts, epsilon, rectifies), places<S>(y)});
        context->save_for_backward({x, saved_scale, saved_shift});
        context->saved_data["epsilon"] = epsilon;
        context->saved_data["rectifies"] = rectifies;
        return y;
    }

    /// Takes the list that libtorch made for it, so that a gradient that nobody else holds can be written over.
    static List backward(Context *context, List &gradients) {
        at::AutoDispatchBelowADInplaceOrView untracked;
        const auto saved = context->get_saved_variables();
        const at::Tensor &x = saved[0];
        const int64_t width = x.size(-1);
        const auto scales = filled<T>(saved[1], width, 1), shifts = filled<T>(saved[2], width, 0);
        std::vector<T> scale_gradient(scales.size()), shift_gradient(scales.size());
        gradients[0] = gradients[0].contiguous();
        auto x_gradient = overwritable(gradients[0], x.sizes(), x.options());
        run_as<T>(NormalizationBackward<S, T>{
            rows(x, scales, shifts, context->saved_data["epsilon"].toDouble(), context->saved_data["rectifies"].toBool()),
            elements<S>(gradients[0]), places<S>(x_gradient), scale_gradient.data(), shift_gradient.data()});
        return {x_gradient, taken(scale_gradient, saved[1]), taken(shift_gradient, saved[2]), at::Tensor(), at::Tensor()};
    }

private:
    static Rows<S, T> rows(
        const at::Tensor &x, const std::vector<T> &scale, const std::vector<T> &shift, double epsilon, bool rectifies) {
        const int64_t width = x.size(-1);
        return {x.numel() / width, width, elements<S>(x), scale.data(), shift.data(), static_cast<T>(epsilon), rectifies};
    }

    /// The gradient of a parameter, not defined where that is not.
    static at::Tensor taken(const std::vector<T> &gradient, const at::Tensor &parameter) {
        if (!parameter.defined()) return {};
        auto result = at::empty(parameter.sizes(), parameter.options());
        std::copy_n(gradient.begin(), result.numel(), places<T>(result));
        return result;
    }
};

} // namespace

ct_tensor ct_layer_norm(
    ct_tensor a, ct_tensor scale, ct_tensor shift, double epsilon, bool rectifies, char **error) {
    return make(error, [&]() -> at::Tensor {
        const auto input = borrow(a);
        const auto scales = borrow_optional(scale), shifts = borrow_optional(shift);
        TORCH_CHECK(input.dim() > 0 && input.size(-1) > 0, "expected at least one channel, got ", input.sizes());
        if (!input.is_cpu()) {
            auto result = at::layer_norm(input, {input.size(-1)}, scales, shifts, epsilon);
            return rectifies ? result.relu() : result;
        }
        at::Tensor result;
        with_storage(input.scalar_type(), [&]<typename S, typename T>() {
            const auto checked = [&](const Parameter &channels) -> Parameter {
                if (!channels) return std::nullopt;
                TORCH_CHECK(
                    channels->is_cpu() && channels->sizes().equals({input.size(-1)})
                        && channels->scalar_type() == c10::CppTypeToScalarType<T>::value,
                    "expected a scale and a shift for each of ", input.size(-1), " channels, got ", channels->toString(), " ",
                    channels->sizes());
                return channels->contiguous();
            };
            result = LayerNorm<S, T>::apply(input.contiguous(), checked(scales), checked(shifts), epsilon, rectifies);
        });
        return result;
    });
}
