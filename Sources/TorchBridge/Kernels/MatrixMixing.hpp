#pragma once

#include "StoredChannels.hpp"

// The channels of batches of matrices mixed, with vectors added along both axes, rectified and averaged: one pass forward
// and one backward, with no array as large as the matrices but the result and its gradient.
//
// Weights come in panels, row after row; so do copies of tiles. Matrices are stored as `S`; vectors, weights and everything
// that is computed are `T`.

namespace ctorch {

template <typename S, typename T, int bytes> struct MatrixMixing;

/// `Channels` says what is read: `StoredChannels` or `InterpolatedChannels`.
template <typename S, typename T, typename Channels> struct MixingForward {
    MixingSizes sizes;
    Channels x;
    const T *panels;                     // of the weight `[read, written]`
    const T *along_rows, *along_columns; // `[batch, rows, written]` and `[batch, columns, written]`
    S *y;
    T *row_means, *column_means; // shaped like what is added along them; zero at first; null where nobody asks
    T *tiles; // room for a tile of `x`

    template <int bytes> INLINE void run() const { MatrixMixing<S, T, bytes>::forward(*this); }
};

/// What is null of the gradients of results is zero, and what is null of the other gradients is not asked for.
template <typename S, typename T, typename Channels> struct MixingBackward {
    MixingSizes sizes;
    Channels x;
    const T *panels; // of the transposed weight `[written, read]`
    const S *y;      // null where nothing is rectified
    const S *y_gradient;
    const T *row_gradient, *column_gradient;
    S *x_gradient;             // may be `y_gradient`
    T *weight_panels;          // the gradient of the weight, in panels; zero at first
    T *row_sums, *column_sums; // the gradients of what is added along the axes; zero at first
    T *tiles;                  // room for the gradients of a tile of `y`, in panels, and for a tile of `x`

    template <int bytes> INLINE void run() const { MatrixMixing<S, T, bytes>::backward(*this); }
};

template <typename S, typename T, int bytes> struct MatrixMixing {
    using V = Vector<T, bytes>;
    using Lanes = typename V::Lanes;
    static constexpr int64_t lanes = V::lanes;
    static constexpr int64_t panel = Panel<T, bytes>::size;

    template <typename Channels> static INLINE void forward(const MixingForward<S, T, Channels> &pass) {
        const auto [batch, rows, columns, read, written, entries, rectifies] = pass.sizes;
        const auto [along_outer, along_inner] = outer_first(pass.sizes, pass.along_rows, pass.along_columns);
        const auto [outer_sums, inner_sums] = outer_first(pass.sizes, pass.row_means, pass.column_means);
        for_each_tile(pass.sizes, [&](const MixingPlace &place) INLINE_LAMBDA {
            const auto from = pass.x.template tile<bytes>(pass.sizes, place, pass.tiles);
            Panel<T, bytes>::for_each(written, [&]<int vectors>(int64_t channel, auto valid) INLINE_LAMBDA {
                for_each_piece(place.entries, [&]<int count>(int64_t entry) INLINE_LAMBDA {
                    const MixingShare share{entry, count, channel, panel, written};
                    pass.x.prefetch(read, place, share);
                    prefetch(pass.y, written, place, share);
                    const int64_t outer = place.outer * written + channel, inner = (place.inner + entry) * written + channel;
                    Lanes sums[count][vectors];
                    UNROLLED for (int v = 0; v < vectors; ++v) {
                        const Lanes shared = V::load(along_outer + outer + v * lanes, valid(v));
                        UNROLLED for (int e = 0; e < count; ++e)
                            sums[e][v] = shared + V::load(along_inner + inner + e * written + v * lanes, valid(v));
                    }
                    from.multiply(entry, read, pass.panels + channel * read, sums);
                    UNROLLED for (int v = 0; v < vectors; ++v) {
                        Lanes total = {};
                        UNROLLED for (int e = 0; e < count; ++e) {
                            const Lanes value = rectifies ? V::rectified(sums[e][v]) : sums[e][v];
                            S *here = pass.y + (place.first + (entry + e) * place.stride) * written + channel;
                            V::store(here + v * lanes, value, valid(v));
                            if (!inner_sums) continue;
                            add(inner_sums + inner + e * written + v * lanes, value, valid(v));
                            total += value;
                        }
                        if (outer_sums) add(outer_sums + outer + v * lanes, total, valid(v));
                    }
                });
            });
        });
        if (!inner_sums) return;
        divide(pass.row_means, batch * rows * written, columns);
        divide(pass.column_means, batch * columns * written, rows);
    }

    template <typename Channels> static INLINE void backward(const MixingBackward<S, T, Channels> &pass) {
        const MixingSizes &sizes = pass.sizes;
        const int64_t size = sizes.tile * panel;
        T *room = pass.tiles + sizes.tile * padded(sizes.written, panel);
        for_each_tile(sizes, [&](const MixingPlace &place) INLINE_LAMBDA {
            gather(pass, place, size);
            const Tile gradients{pass.tiles, panel, size};
            pass.x.template tile<bytes>(sizes, place, room).add_outer(gradients, sizes, place.entries, pass.weight_panels);
            if constexpr (Channels::is_differentiable)
                if (pass.x_gradient) multiply_back(pass, gradients, place);
        });
    }

private:
    using Tile = ChannelTile<T, bytes>;

    static INLINE void add(T *place, Lanes values, int64_t valid) {
        V::store(place, V::load(place, valid) + values, valid);
    }

    static INLINE void divide(T *sums, int64_t count, int64_t divisor) {
        for (int64_t i = 0; i < count; ++i) sums[i] /= static_cast<T>(divisor);
    }

    /// The gradient of a tile before the rectifier, into panels, and its sums along both axes.
    template <typename Channels>
    static INLINE void gather(const MixingBackward<S, T, Channels> &pass, const MixingPlace &place, int64_t size) {
        const auto [batch, rows, columns, read, written, entries, rectifies] = pass.sizes;
        const auto [outer_gradient, inner_gradient] = outer_first(pass.sizes, pass.row_gradient, pass.column_gradient);
        const auto [outer_sums, inner_sums] = outer_first(pass.sizes, pass.row_sums, pass.column_sums);
        const auto [outer_share, inner_share] =
            outer_first(pass.sizes, T(1) / static_cast<T>(columns), T(1) / static_cast<T>(rows));
        Panel<T, bytes>::for_each(written, [&]<int vectors>(int64_t channel, auto valid) INLINE_LAMBDA {
            T *to = pass.tiles + channel / panel * size;
            const int64_t outer = place.outer * written + channel;
            Lanes shared[vectors] = {}, totals[vectors] = {};
            if (outer_gradient)
                for (int v = 0; v < vectors; ++v)
                    shared[v] = V::load(outer_gradient + outer + v * lanes, valid(v)) * outer_share;
            for (int64_t e = 0; e < place.entries; ++e, to += panel) {
                const int64_t here = (place.first + e * place.stride) * written + channel;
                const int64_t inner = (place.inner + e) * written + channel;
                UNROLLED for (int v = 0; v < vectors; ++v) {
                    const int64_t c = v * lanes;
                    Lanes gradient = shared[v];
                    if (pass.y_gradient) gradient += V::load(pass.y_gradient + here + c, valid(v));
                    if (inner_gradient) gradient += V::load(inner_gradient + inner + c, valid(v)) * inner_share;
                    if (rectifies) gradient = V::where_positive(V::load(pass.y + here + c, valid(v)), gradient);
                    add(inner_sums + inner + c, gradient, valid(v));
                    totals[v] += gradient;
                    V::store(to + c, gradient);
                }
            }
            for (int v = 0; v < vectors; ++v) add(outer_sums + outer + v * lanes, totals[v], valid(v));
        });
    }

    /// `x_gradient = gradients · weightᵀ`.
    template <typename Channels>
    static INLINE void multiply_back(
        const MixingBackward<S, T, Channels> &pass, const Tile &gradients, const MixingPlace &place) {
        const int64_t read = pass.sizes.read, written = pass.sizes.written;
        Panel<T, bytes>::for_each(read, [&]<int vectors>(int64_t channel, auto valid) INLINE_LAMBDA {
            for_each_piece(place.entries, [&]<int count>(int64_t entry) INLINE_LAMBDA {
                const MixingShare share{entry, count, channel, panel, read};
                pass.x.prefetch(read, place, share);
                prefetch(pass.x_gradient, read, place, share);
                prefetch(pass.y, written, place, share);
                prefetch(pass.y_gradient, written, place, share);
                Lanes sums[count][vectors] = {};
                gradients.multiply(entry, written, pass.panels + channel * written, sums);
                UNROLLED for (int e = 0; e < count; ++e) {
                    S *here = pass.x_gradient + (place.first + (entry + e) * place.stride) * read + channel;
                    UNROLLED for (int v = 0; v < vectors; ++v) V::store(here + v * lanes, sums[e][v], valid(v));
                }
            });
        });
    }
};

} // namespace ctorch
