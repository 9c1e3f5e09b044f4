// The channels of batches of matrices mixed, with vectors added along both axes, rectified and averaged: one pass forward
// and one backward, with no array as large as the matrices but the result and its gradient.
//
// A tile is part of one row of one matrix; it goes through everything while it lies in the first cache. Channels are
// worked on a vector at a time, and packed weights are padded to whole vectors.

#include "Guard.hpp"
#include "Vectorized.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

using namespace ctorch;

#pragma GCC diagnostic ignored "-Wpsabi" // all functions that return vectors are inlined

namespace {

constexpr int64_t tile = 32;

template <typename T> struct Vector {
    static constexpr int64_t lanes = 32 / sizeof(T);
    typedef T Aligned __attribute__((vector_size(32)));
    typedef T Loose __attribute__((vector_size(32), aligned(sizeof(T))));
};
template <typename T> using Lanes = typename Vector<T>::Aligned;

template <typename T> INLINE Lanes<T> load(const T *place, int64_t valid) {
    if (valid >= Vector<T>::lanes) return *reinterpret_cast<const typename Vector<T>::Loose *>(place);
    Lanes<T> result = {};
    for (int64_t i = 0; i < valid; ++i) result[i] = place[i];
    return result;
}

template <typename T> INLINE void store(T *place, const Lanes<T> &values, int64_t valid) {
    if (valid >= Vector<T>::lanes) *reinterpret_cast<typename Vector<T>::Loose *>(place) = values;
    else
        for (int64_t i = 0; i < valid; ++i) place[i] = values[i];
}

/// `max(x, 0)`, and NaN for NaN.
template <typename T> INLINE Lanes<T> rectified(const Lanes<T> &x) {
    auto kept = ~(x <= Lanes<T>{});
    return (Lanes<T>)((decltype(kept))x & kept);
}

/// `values` where `x` is positive.
template <typename T> INLINE Lanes<T> where_positive(const Lanes<T> &x, const Lanes<T> &values) {
    auto kept = x > Lanes<T>{};
    return (Lanes<T>)((decltype(kept))values & kept);
}

template <typename T> int64_t padded(int64_t channels) {
    return (channels + Vector<T>::lanes - 1) / Vector<T>::lanes * Vector<T>::lanes;
}

/// `sums += x m` for some entries and some vectors of channels; `m` has `columns` channels.
template <typename T, int entries, int vectors>
INLINE void multiply(const T *x, int64_t read, const T *m, int64_t columns, Lanes<T> (&sums)[entries][vectors]) {
    for (int64_t k = 0; k < read; ++k) {
        Lanes<T> right[vectors];
        for (int v = 0; v < vectors; ++v) right[v] = load(m + k * columns + v * Vector<T>::lanes, Vector<T>::lanes);
        for (int e = 0; e < entries; ++e) {
            T left = x[e * read + k];
            for (int v = 0; v < vectors; ++v) sums[e][v] += left * right[v];
        }
    }
}

/// Calls `body<entries, vectors>(entry, channel)` for all of a tile, in blocks that fit the registers.
template <typename T, typename Body> INLINE void for_each_block(int64_t entries, int64_t columns, Body body) {
    constexpr int64_t lanes = Vector<T>::lanes;
    int64_t channel = 0;
    for (; channel + 2 * lanes <= columns; channel += 2 * lanes) {
        int64_t entry = 0;
        for (; entry + 4 <= entries; entry += 4) body.template operator()<4, 2>(entry, channel);
        for (; entry < entries; ++entry) body.template operator()<1, 2>(entry, channel);
    }
    if (channel < columns) {
        int64_t entry = 0;
        for (; entry + 4 <= entries; entry += 4) body.template operator()<4, 1>(entry, channel);
        for (; entry < entries; ++entry) body.template operator()<1, 1>(entry, channel);
    }
}

struct Sizes {
    int64_t batch, rows, columns, read, written;
    bool rectifies;
};

/// `x` `[batch, rows, columns, read]`, `packed` `[read, padded(written)]`; `row_sums` and `column_sums` are zero at first.
template <typename T> struct Forward {
    Sizes sizes;
    const T *x, *packed, *along_rows, *along_columns;
    T *y, *row_means, *column_means;

    INLINE void run() const {
        constexpr int64_t lanes = Vector<T>::lanes;
        const auto [batch, rows, columns, read, written, rectifies] = sizes;
        const int64_t width = padded<T>(written);
        for (int64_t matrix = 0; matrix < batch * rows; ++matrix) {
            const T *row = along_rows + matrix * written;
            T *row_sum = row_means + matrix * written;
            for (int64_t start = 0; start < columns; start += tile) {
                const int64_t first = matrix * columns + start;
                const int64_t column = matrix / rows * columns + start;
                const T *from = x + first * read;
                T *to = y + first * written;
                for_each_block<T>(std::min(tile, columns - start), width, [&]<int entries, int vectors>(
                    int64_t entry, int64_t channel) __attribute__((always_inline)) {
                    Lanes<T> sums[entries][vectors], total[vectors] = {};
                    for (int v = 0; v < vectors; ++v) {
                        const int64_t c = channel + v * lanes;
                        Lanes<T> shared = load(row + c, written - c);
                        for (int e = 0; e < entries; ++e)
                            sums[e][v] = shared + load(along_columns + (column + entry + e) * written + c, written - c);
                    }
                    multiply<T, entries, vectors>(from + entry * read, read, packed + channel, width, sums);
                    for (int v = 0; v < vectors; ++v) {
                        const int64_t c = channel + v * lanes;
                        for (int e = 0; e < entries; ++e) {
                            Lanes<T> value = rectifies ? rectified<T>(sums[e][v]) : sums[e][v];
                            store(to + (entry + e) * written + c, value, written - c);
                            T *sum = column_means + (column + entry + e) * written + c;
                            store(sum, load(sum, written - c) + value, written - c);
                            total[v] += value;
                        }
                        store(row_sum + c, load(row_sum + c, written - c) + total[v], written - c);
                    }
                });
            }
        }
        for (int64_t i = 0; i < batch * rows * written; ++i) row_means[i] /= static_cast<T>(columns);
        for (int64_t i = 0; i < batch * columns * written; ++i) column_means[i] /= static_cast<T>(rows);
    }
};

/// Gradients of what `Forward` computes; those of results may be null, and `x_gradient` too. `transposed` is
/// `[written, padded(read)]`, `weight_sums` `[read, padded(written)]`; all sums are zero at first.
template <typename T> struct Backward {
    Sizes sizes;
    const T *x, *transposed, *y, *y_gradient, *row_gradient, *column_gradient;
    T *x_gradient, *weight_sums, *row_sums, *column_sums, *scratch;

    INLINE void run() const {
        const auto [batch, rows, columns, read, written, rectifies] = sizes;
        const int64_t width = padded<T>(written);
        for (int64_t matrix = 0; matrix < batch * rows; ++matrix) {
            for (int64_t start = 0; start < columns; start += tile) {
                const int64_t entries = std::min(tile, columns - start), first = matrix * columns + start;
                gather(matrix, first, matrix / rows * columns + start, entries);
                add_outer(x + first * read, entries, width);
                if (x_gradient) multiply_back(x_gradient + first * read, entries);
            }
        }
    }

    /// The gradient of a tile before the rectifier, into `scratch` `[entries, written]` and the sums along both axes.
    INLINE void gather(int64_t matrix, int64_t first, int64_t column, int64_t entries) const {
        constexpr int64_t lanes = Vector<T>::lanes;
        const int64_t written = sizes.written;
        const T row_share = T(1) / static_cast<T>(sizes.columns), column_share = T(1) / static_cast<T>(sizes.rows);
        for (int64_t c = 0; c < written; c += lanes) {
            const int64_t valid = written - c;
            Lanes<T> shared = {}, total = {};
            if (row_gradient) shared = load(row_gradient + matrix * written + c, valid) * row_share;
            for (int64_t e = 0; e < entries; ++e) {
                const int64_t place = (first + e) * written + c, along = (column + e) * written + c;
                Lanes<T> gradient = shared;
                if (y_gradient) gradient += load(y_gradient + place, valid);
                if (column_gradient) gradient += load(column_gradient + along, valid) * column_share;
                if (sizes.rectifies) gradient = where_positive<T>(load(y + place, valid), gradient);
                store(scratch + e * written + c, gradient, valid);
                store(column_sums + along, load(column_sums + along, valid) + gradient, valid);
                total += gradient;
            }
            T *sum = row_sums + matrix * written + c;
            store(sum, load(sum, valid) + total, valid);
        }
    }

    /// `weight_sums += xᵀ · scratch`.
    INLINE void add_outer(const T *from, int64_t entries, int64_t width) const {
        constexpr int64_t lanes = Vector<T>::lanes;
        const auto [batch, rows, columns, read, written, rectifies] = sizes;
        for_each_block<T>(read, width, [&, from, entries, width, read = read, written = written]<int count, int vectors>(
            int64_t k, int64_t channel) __attribute__((always_inline)) {
            Lanes<T> sums[count][vectors];
            for (int i = 0; i < count; ++i)
                for (int v = 0; v < vectors; ++v)
                    sums[i][v] = load(weight_sums + (k + i) * width + channel + v * lanes, lanes);
            for (int64_t e = 0; e < entries; ++e) {
                Lanes<T> right[vectors];
                for (int v = 0; v < vectors; ++v) {
                    const int64_t c = channel + v * lanes;
                    right[v] = load(scratch + e * written + c, written - c);
                }
                for (int i = 0; i < count; ++i) {
                    T left = from[e * read + k + i];
                    for (int v = 0; v < vectors; ++v) sums[i][v] += left * right[v];
                }
            }
            for (int i = 0; i < count; ++i)
                for (int v = 0; v < vectors; ++v)
                    store(weight_sums + (k + i) * width + channel + v * lanes, sums[i][v], lanes);
        });
    }

    /// `x_gradient = scratch · weightᵀ`.
    INLINE void multiply_back(T *to, int64_t entries) const {
        constexpr int64_t lanes = Vector<T>::lanes;
        const int64_t read = sizes.read, written = sizes.written, width = padded<T>(read);
        for_each_block<T>(entries, width, [&]<int count, int vectors>(int64_t entry, int64_t channel) __attribute__((always_inline)) {
            Lanes<T> sums[count][vectors] = {};
            multiply<T, count, vectors>(scratch + entry * written, written, transposed + channel, width, sums);
            for (int v = 0; v < vectors; ++v) {
                const int64_t c = channel + v * lanes;
                for (int e = 0; e < count; ++e) store(to + (entry + e) * read + c, sums[e][v], read - c);
            }
        });
    }
};

VECTORIZED void run(const Forward<float> &pass) { pass.run(); }
VECTORIZED void run(const Forward<double> &pass) { pass.run(); }
VECTORIZED void run(const Backward<float> &pass) { pass.run(); }
VECTORIZED void run(const Backward<double> &pass) { pass.run(); }

/// A row-major matrix with its rows padded to whole vectors.
template <typename T> at::Tensor packed(const at::Tensor &matrix) {
    const int64_t columns = matrix.size(1), width = padded<T>(columns);
    if (columns == width) return matrix.contiguous();
    auto result = at::zeros({matrix.size(0), width}, matrix.options());
    result.narrow(1, 0, columns).copy_(matrix);
    return result;
}

template <typename T> const T *elements(const at::Tensor &tensor) {
    return tensor.defined() ? tensor.const_data_ptr<T>() : nullptr;
}

Sizes sizes_of(const at::Tensor &x, const at::Tensor &weight, bool rectifies) {
    return {x.size(0), x.size(1), x.size(2), x.size(3), weight.size(1), rectifies};
}

template <typename T> struct Mixing : torch::autograd::Function<Mixing<T>> {
    using Context = torch::autograd::AutogradContext;
    using List = torch::autograd::variable_list;

    static List forward(
        Context *context, const at::Tensor &input, const at::Tensor &weight, const at::Tensor &along_rows,
        const at::Tensor &along_columns, bool rectifies) {
        auto x = input.contiguous(), rows = along_rows.contiguous(), columns = along_columns.contiguous();
        auto weights = packed<T>(weight);
        const Sizes sizes = sizes_of(x, weight, rectifies);
        auto y = at::empty({sizes.batch, sizes.rows, sizes.columns, sizes.written}, x.options());
        auto row_means = at::zeros(rows.sizes(), x.options()), column_means = at::zeros(columns.sizes(), x.options());
        run(Forward<T>{
            sizes, elements<T>(x), elements<T>(weights), elements<T>(rows), elements<T>(columns),
            y.template mutable_data_ptr<T>(), row_means.template mutable_data_ptr<T>(),
            column_means.template mutable_data_ptr<T>()});
        context->save_for_backward({x, weight, y});
        context->saved_data["rectifies"] = rectifies;
        return {y, row_means, column_means};
    }

    static List backward(Context *context, List gradients) {
        auto saved = context->get_saved_variables();
        auto &x = saved[0], &weight = saved[1], &y = saved[2];
        for (auto &gradient : gradients)
            if (gradient.defined()) gradient = gradient.contiguous();
        const Sizes sizes = sizes_of(x, weight, context->saved_data["rectifies"].toBool());
        auto transposed = packed<T>(weight.t());
        at::Tensor x_gradient;
        if (context->needs_input_grad(0)) x_gradient = at::empty(x.sizes(), x.options());
        auto weight_sums = at::zeros({sizes.read, padded<T>(sizes.written)}, x.options());
        auto row_sums = at::zeros({sizes.batch, sizes.rows, sizes.written}, x.options());
        auto column_sums = at::zeros({sizes.batch, sizes.columns, sizes.written}, x.options());
        auto scratch = at::empty({tile, sizes.written}, x.options());
        run(Backward<T>{
            sizes, elements<T>(x), elements<T>(transposed), elements<T>(y), elements<T>(gradients[0]),
            elements<T>(gradients[1]), elements<T>(gradients[2]),
            x_gradient.defined() ? x_gradient.template mutable_data_ptr<T>() : nullptr,
            weight_sums.template mutable_data_ptr<T>(), row_sums.template mutable_data_ptr<T>(),
            column_sums.template mutable_data_ptr<T>(), scratch.template mutable_data_ptr<T>()});
        return {x_gradient, weight_sums.narrow(1, 0, sizes.written), row_sums, column_sums, at::Tensor()};
    }
};

} // namespace

void ct_matrix_mixing(
    ct_tensor x, ct_tensor weight, ct_tensor along_rows, ct_tensor along_columns, bool rectifies, ct_tensor *results,
    char **error) {
    guarded(error, [&] {
        auto input = borrow(x), matrix = borrow(weight), rows = borrow(along_rows), columns = borrow(along_columns);
        const auto type = input.scalar_type();
        for (auto &tensor : {input, matrix, rows, columns})
            TORCH_CHECK(
                tensor.is_cpu() && tensor.scalar_type() == type, "expected tensors of one type on the CPU, got ",
                tensor.toString());
        TORCH_CHECK(input.dim() == 4, "expected x [batch, rows, columns, read], got ", input.sizes());
        const int64_t batch = input.size(0), written = matrix.size(-1);
        TORCH_CHECK(matrix.sizes().equals({input.size(3), written}), "expected weight [read, written], got ", matrix.sizes());
        TORCH_CHECK(rows.sizes().equals({batch, input.size(1), written}), "expected one vector per row, got ", rows.sizes());
        TORCH_CHECK(
            columns.sizes().equals({batch, input.size(2), written}), "expected one vector per column, got ", columns.sizes());
        TORCH_CHECK(type == at::kFloat || type == at::kDouble, "expected float32 or float64, got ", type);
        auto mixed = type == at::kFloat ? Mixing<float>::apply(input, matrix, rows, columns, rectifies)
                                        : Mixing<double>::apply(input, matrix, rows, columns, rectifies);
        for (size_t i = 0; i < mixed.size(); ++i) results[i] = own(mixed[i]);
    });
}
