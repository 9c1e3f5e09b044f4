#include "Guard.hpp"
#include "MatrixStorage.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

using namespace ctorch;

namespace {

/// Of batches of matrices `[batch, rows, columns, channels]`.
template <typename S, typename T> struct Means {
    int64_t batch, rows, columns, channels;
    const S *x;
    T *row_means, *column_means; // zero at first

    template <int bytes> INLINE void run() const {
        using V = Vector<T, bytes>;
        for (int64_t row = 0; row < batch * rows; ++row)
            for (int64_t column = 0; column < columns; ++column) {
                const S *from = x + (row * columns + column) * channels;
                T *across = row_means + row * channels, *along = column_means + (row / rows * columns + column) * channels;
                for (int64_t c = 0; c < channels; c += V::lanes) {
                    const int64_t valid = channels - c;
                    const auto value = V::load(from + c, valid);
                    V::store(across + c, V::load(across + c, valid) + value, valid);
                    V::store(along + c, V::load(along + c, valid) + value, valid);
                }
            }
        for (int64_t i = 0; i < batch * rows * channels; ++i) row_means[i] /= static_cast<T>(columns);
        for (int64_t i = 0; i < batch * columns * channels; ++i) column_means[i] /= static_cast<T>(rows);
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
        for (int64_t row = 0; row < batch * rows; ++row)
            for (int64_t column = 0; column < columns; ++column) {
                const int64_t entry = (row * columns + column) * channels, across = row * channels;
                const int64_t along = (row / rows * columns + column) * channels;
                for (int64_t c = 0; c < channels; c += V::lanes) {
                    const int64_t valid = channels - c;
                    typename V::Lanes gradient = {};
                    if (y_gradient) gradient = V::load(y_gradient + entry + c, valid);
                    if (row_gradient) gradient += V::load(row_gradient + across + c, valid) * row_share;
                    if (column_gradient) gradient += V::load(column_gradient + along + c, valid) * column_share;
                    V::store(x_gradient + entry + c, gradient, valid);
                }
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
        auto row_means = at::zeros({batch, rows, channels}, options);
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
