#include "Guard.hpp"
#include "MatrixStorage.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

using namespace ctorch;

namespace {

/// Calls `body<vectors>(channel, valid)` for channels that fit the registers: for four whole vectors, for one whole vector, or
/// for one of which only `valid` channels exist.
template <int64_t lanes, typename Body> INLINE void for_each_channel_block(int64_t channels, Body body) {
    int64_t c = 0;
    for (; channels - c >= 4 * lanes; c += 4 * lanes) body.template operator()<4>(c, lanes);
    for (; c < channels; c += lanes) body.template operator()<1>(c, std::min(channels - c, lanes));
}

/// Of batches of matrices `[batch, rows, columns, channels]`.
template <typename S, typename T> struct Means {
    int64_t batch, rows, columns, channels;
    const S *x;
    T *row_means, *column_means; // `column_means` zero at first

    template <int bytes> INLINE void run() const {
        using V = Vector<T, bytes>;
        const T row_share = T(1) / static_cast<T>(columns), column_share = T(1) / static_cast<T>(rows);
        for (int64_t b = 0; b < batch; ++b) {
            T *along = column_means + b * columns * channels;
            for (int64_t row = b * rows; row < (b + 1) * rows; ++row)
                for_each_channel_block<V::lanes>(channels, [&]<int vectors>(int64_t c, int64_t valid) INLINE_LAMBDA {
                    typename V::Lanes sums[vectors] = {};
                    for (int64_t column = 0; column < columns; ++column)
                        UNROLLED for (int v = 0; v < vectors; ++v) {
                            const int64_t here = column * channels + c + v * V::lanes;
                            const auto value = V::load(x + row * columns * channels + here, valid);
                            V::store(along + here, V::load(along + here, valid) + value, valid);
                            sums[v] += value;
                        }
                    for (int v = 0; v < vectors; ++v)
                        V::store(row_means + row * channels + c + v * V::lanes, sums[v] * row_share, valid);
                });
            for (int64_t i = 0; i < columns * channels; ++i) along[i] *= column_share;
        }
    }
};

/// `x_gradient = y_gradient`, zero where null, plus what the gradients of the means spread over the matrix; both may be one
/// array.
template <typename S, typename T> struct MeansBackward {
    int64_t batch, rows, columns, channels;
    const S *y_gradient;
    const T *row_gradient, *column_gradient; // null where zero
    S *x_gradient;

    template <int bytes> INLINE void run() const {
        using V = Vector<T, bytes>;
        const T row_share = T(1) / static_cast<T>(columns), column_share = T(1) / static_cast<T>(rows);
        for (int64_t row = 0; row < batch * rows; ++row) {
            const int64_t across = row * channels, along = row / rows * columns * channels;
            for_each_channel_block<V::lanes>(channels, [&]<int vectors>(int64_t c, int64_t valid) INLINE_LAMBDA {
                typename V::Lanes shared[vectors] = {};
                if (row_gradient)
                    for (int v = 0; v < vectors; ++v)
                        shared[v] = V::load(row_gradient + across + c + v * V::lanes, valid) * row_share;
                for (int64_t column = 0; column < columns; ++column)
                    UNROLLED for (int v = 0; v < vectors; ++v) {
                        const int64_t here = column * channels + c + v * V::lanes, entry = across * columns + here;
                        auto gradient = shared[v];
                        if (y_gradient) gradient += V::load(y_gradient + entry, valid);
                        if (column_gradient) gradient += V::load(column_gradient + along + here, valid) * column_share;
                        V::store(x_gradient + entry, gradient, valid);
                    }
            });
        }
    }
};

template <typename S, typename T> struct Averaging : torch::autograd::Function<Averaging<S, T>> {
    using Context = torch::autograd::AutogradContext;
    using List = torch::autograd::variable_list;

    static List forward(Context *context, const at::Tensor &x) {
        at::AutoDispatchBelowADInplaceOrView untracked;
        const int64_t batch = x.size(0), rows = x.size(1), columns = x.size(2), channels = x.size(3);
        auto options = x.options().dtype(c10::CppTypeToScalarType<T>::value);
        auto row_means = at::empty({batch, rows, channels}, options);
        auto column_means = at::zeros({batch, columns, channels}, options);
        run_as<T>(Means<S, T>{
            batch, rows, columns, channels, elements<S>(x), places<T>(row_means), places<T>(column_means)});
        context->saved_data["sizes"] = x.sizes().vec();
        context->saved_data["type"] = x.scalar_type();
        context->set_materialize_grads(false);
        return {x, row_means, column_means};
    }

    /// Takes the list that libtorch made for it, so that a gradient that nobody else holds can be added to in place.
    static List backward(Context *context, List &gradients) {
        at::AutoDispatchBelowADInplaceOrView untracked;
        const auto sizes = context->saved_data["sizes"].toIntVector();
        at::TensorOptions options;
        for (auto &gradient : gradients)
            if (gradient.defined()) options = (gradient = gradient.contiguous()).options();
        auto x_gradient =
            overwritable(gradients[0], sizes, options.dtype(context->saved_data["type"].toScalarType()));
        run_as<T>(MeansBackward<S, T>{
            sizes[0], sizes[1], sizes[2], sizes[3], elements<S>(gradients[0]), elements<T>(gradients[1]),
            elements<T>(gradients[2]), places<S>(x_gradient)});
        return {x_gradient};
    }
};

} // namespace

void ct_matrix_means(ct_tensor x, ct_tensor *results, char **error) {
    guarded(error, [&] {
        auto input = borrow(x).contiguous();
        TORCH_CHECK(input.is_cpu() && input.dim() == 4, "expected x [batch, rows, columns, channels] on the CPU");
        with_storage(input.scalar_type(), [&]<typename S, typename T>() {
            auto means = Averaging<S, T>::apply(input);
            for (size_t i = 0; i < means.size(); ++i) results[i] = own(means[i]);
        });
    });
}
