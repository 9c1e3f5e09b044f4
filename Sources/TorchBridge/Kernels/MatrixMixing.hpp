#pragma once

#include "Vectorized.hpp"

#include <utility>

// The channels of batches of matrices mixed, with vectors added along both axes, rectified and averaged: one pass forward
// and one backward, with no array as large as the matrices but the result and its gradient.
//
// A tile is part of one row or column of a matrix, whichever is longer; it goes through everything while it lies in the
// first caches. Weights come in panels of so many columns as two vectors hold, row after row; so do copies of tiles.
// Matrices are stored as `S`; vectors, weights and everything that is computed are `T`.

namespace ctorch {

/// Of `x` `[batch, rows, columns, read]` and `y` `[batch, rows, columns, written]`.
struct MixingSizes {
    int64_t batch, rows, columns, read, written;
    bool rectifies;
};

template <typename S, typename T, int bytes> struct MatrixMixing;

template <typename S, typename T> struct MixingForward {
    MixingSizes sizes;
    const S *x;
    const T *panels;                     // of the weight `[read, written]`
    const T *along_rows, *along_columns; // `[batch, rows, written]` and `[batch, columns, written]`
    S *y;
    T *row_means, *column_means; // shaped like what is added along them; zero at first; null where nobody asks
    T *tiles; // room for a tile's copy

    template <int bytes> INLINE void run() const { MatrixMixing<S, T, bytes>::forward(*this); }
};

/// What is null of the gradients of results is zero, and what is null of the other gradients is not asked for.
template <typename S, typename T> struct MixingBackward {
    MixingSizes sizes;
    const S *x;
    const T *panels; // of the transposed weight `[written, read]`
    const S *y;      // null where nothing is rectified
    const S *y_gradient;
    const T *row_gradient, *column_gradient;
    S *x_gradient;
    T *weight_panels;          // the gradient of the weight, in panels; zero at first
    T *row_sums, *column_sums; // the gradients of what is added along the axes; zero at first
    T *tiles;                  // room for `MixingTile::room`

    template <int bytes> INLINE void run() const { MatrixMixing<S, T, bytes>::backward(*this); }
};

/// How many entries a tile has.
struct MixingTile {
    /// Few enough for the tile and its gradient to stay in the first caches.
    static int64_t entries(const MixingSizes &sizes) {
        const int64_t longest = std::max(sizes.rows, sizes.columns);
        return std::min(longest, std::clamp<int64_t>(12288 / (sizes.read + sizes.written), 32, 96));
    }

    static int64_t padded(int64_t channels, int64_t panel) { return (channels + panel - 1) / panel * panel; }

    /// Elements for a tile's copy and its gradient.
    static int64_t room(const MixingSizes &sizes, int64_t panel) {
        return entries(sizes) * (padded(sizes.read, panel) + padded(sizes.written, panel));
    }
};

template <typename S, typename T, int bytes> struct MatrixMixing {
    using V = Vector<T, bytes>;
    using Lanes = typename V::Lanes;
    static constexpr int64_t lanes = V::lanes;
    static constexpr int vectors = 2;
    static constexpr int64_t panel = vectors * lanes;

    /// The entries of one tile: channel `k` of entry `e` is at `base[k / panel * panel_stride + e * entry_stride + k % panel]`.
    struct Tile {
        const T *base;
        int64_t entry_stride, panel_stride;

        INLINE const T *at(int64_t entry, int64_t channel) const {
            return base + channel / panel * panel_stride + entry * entry_stride + channel % panel;
        }
    };

    /// Where the tiles of a batch lie: the longer axis of the matrices is the inner one.
    struct Place {
        int64_t first, stride; // entries, as stored
        int64_t next;          // where the tile after this one begins
        int64_t outer, inner;  // vectors along the axes
        int64_t entries;
    };

    /// What belongs to the rows and to the columns, that of the outer axis first.
    template <typename Value>
    static INLINE std::pair<Value, Value> outer_first(const MixingSizes &sizes, Value rows, Value columns) {
        return sizes.columns >= sizes.rows ? std::pair{rows, columns} : std::pair{columns, rows};
    }

    template <typename Body> static INLINE void for_each_tile(const MixingSizes &sizes, Body body) {
        const auto [outer, inner] = outer_first(sizes, sizes.rows, sizes.columns);
        const auto [outer_stride, inner_stride] = outer_first(sizes, sizes.columns, int64_t(1));
        const int64_t tile = MixingTile::entries(sizes);
        for (int64_t b = 0; b < sizes.batch; ++b)
            for (int64_t o = 0; o < outer; ++o)
                for (int64_t i = 0; i < inner; i += tile) {
                    const int64_t first = b * outer * inner + o * outer_stride + i * inner_stride;
                    const int64_t next = i + tile < inner ? tile * inner_stride : outer_stride - i * (inner_stride - 1);
                    body(Place{
                        first, inner_stride, first + next, b * outer + o, b * inner + i, std::min(tile, inner - i)});
                }
    }

    /// Asks for what the next tile needs of one panel while this one is computed: tiles come too fast for the caches to
    /// learn where.
    static INLINE void prefetch(
        const S *array, const Place &place, int64_t entry, int64_t count, int64_t channel, int64_t channels) {
        if (!array || channel >= channels) return;
        for (int64_t e = entry; e < entry + count; ++e)
            __builtin_prefetch(array + (place.next + e * place.stride) * channels + channel, 0, 2);
    }

    /// Calls `body<count>(first)` for pieces that fit the registers.
    template <typename Body> static INLINE void for_each_piece(int64_t count, Body body) {
        int64_t first = 0;
        for (; count - first >= 6 && count - first != 8; first += 6) body.template operator()<6>(first);
        for (; count - first >= 4; first += 4) body.template operator()<4>(first);
        for (; first < count; ++first) body.template operator()<1>(first);
    }

    /// The tile as it lies, or a copy where it is stored otherwise or its entries would drive each other out of the cache.
    static INLINE Tile tile(const S *x, const Place &place, const MixingSizes &sizes, T *copy) {
        const S *from = x + place.first * sizes.read;
        const int64_t stride = place.stride * sizes.read, size = MixingTile::entries(sizes) * panel;
        if constexpr (sizeof(S) == sizeof(T))
            if (stride * sizeof(S) < 512) return {reinterpret_cast<const T *>(from), stride, panel};
        for (int64_t k = 0; k < sizes.read; k += lanes)
            for (int64_t e = 0; e < place.entries; ++e)
                V::store(
                    copy + k / panel * size + e * panel + k % panel, V::load(from + e * stride + k, sizes.read - k));
        return {copy, panel, size};
    }

    /// `result += x m` for some entries and one panel of `m`.
    template <int entries>
    static INLINE void multiply(
        const Tile &x, int64_t entry, int64_t read, const T *m, Lanes (&result)[entries][vectors]) {
        Lanes sums[entries][vectors]; // a copy that stays in registers
        for (int e = 0; e < entries; ++e)
            for (int v = 0; v < vectors; ++v) sums[e][v] = result[e][v];
        for (int64_t start = 0; start < read; start += panel) {
            const T *from = x.at(entry, start);
            const int64_t count = std::min(read - start, panel);
            for (int64_t k = 0; k < count; ++k, m += panel) {
                Lanes right[vectors];
                for (int v = 0; v < vectors; ++v) right[v] = V::load(m + v * lanes);
                for (int e = 0; e < entries; ++e) {
                    const T left = from[e * x.entry_stride + k];
                    for (int v = 0; v < vectors; ++v) sums[e][v] += left * right[v];
                }
            }
        }
        for (int e = 0; e < entries; ++e)
            for (int v = 0; v < vectors; ++v) result[e][v] = sums[e][v];
    }

    static INLINE void forward(const MixingForward<S, T> &pass) {
        const auto [batch, rows, columns, read, written, rectifies] = pass.sizes;
        const auto [along_outer, along_inner] = outer_first(pass.sizes, pass.along_rows, pass.along_columns);
        const auto [outer_sums, inner_sums] = outer_first(pass.sizes, pass.row_means, pass.column_means);
        for_each_tile(pass.sizes, [&](const Place &place) __attribute__((always_inline)) {
            const Tile from = tile(pass.x, place, pass.sizes, pass.tiles);
            for (int64_t channel = 0; channel < written; channel += panel)
                for_each_piece(place.entries, [&]<int count>(int64_t entry) __attribute__((always_inline)) {
                    prefetch(pass.x, place, entry, count, channel, read);
                    prefetch(pass.y, place, entry, count, channel, written);
                    const int64_t inner = (place.inner + entry) * written;
                    Lanes sums[count][vectors] = {};
                    for (int v = 0; v < vectors; ++v) {
                        const int64_t c = channel + v * lanes, valid = written - c;
                        if (valid <= 0) continue;
                        const Lanes shared = V::load(along_outer + place.outer * written + c, valid);
                        for (int e = 0; e < count; ++e)
                            sums[e][v] = shared + V::load(along_inner + inner + e * written + c, valid);
                    }
                    multiply<count>(from, entry, read, pass.panels + channel * read, sums);
                    for (int v = 0; v < vectors; ++v) {
                        const int64_t c = channel + v * lanes, valid = written - c;
                        if (valid <= 0) continue;
                        Lanes total = {};
                        for (int e = 0; e < count; ++e) {
                            const Lanes value = rectifies ? V::rectified(sums[e][v]) : sums[e][v];
                            V::store(pass.y + (place.first + (entry + e) * place.stride) * written + c, value, valid);
                            if (!inner_sums) continue;
                            add(inner_sums + inner + e * written + c, value, valid);
                            total += value;
                        }
                        if (outer_sums) add(outer_sums + place.outer * written + c, total, valid);
                    }
                });
        });
        if (!inner_sums) return;
        divide(pass.row_means, batch * rows * written, columns);
        divide(pass.column_means, batch * columns * written, rows);
    }

    static INLINE void backward(const MixingBackward<S, T> &pass) {
        const MixingSizes &sizes = pass.sizes;
        const int64_t size = MixingTile::entries(sizes) * panel;
        T *copy = pass.tiles + MixingTile::entries(sizes) * MixingTile::padded(sizes.written, panel);
        for_each_tile(sizes, [&](const Place &place) __attribute__((always_inline)) {
            gather(pass, place, size);
            const Tile gradients{pass.tiles, panel, size};
            add_outer(pass, tile(pass.x, place, sizes, copy), gradients, place.entries);
            if (pass.x_gradient) multiply_back(pass, gradients, place);
        });
    }

private:
    static INLINE void add(T *place, Lanes values, int64_t valid) {
        V::store(place, V::load(place, valid) + values, valid);
    }

    static INLINE void divide(T *sums, int64_t count, int64_t divisor) {
        for (int64_t i = 0; i < count; ++i) sums[i] /= static_cast<T>(divisor);
    }

    /// The gradient of a tile before the rectifier, into panels, and its sums along both axes.
    static INLINE void gather(const MixingBackward<S, T> &pass, const Place &place, int64_t size) {
        const auto [batch, rows, columns, read, written, rectifies] = pass.sizes;
        const auto [outer_gradient, inner_gradient] = outer_first(pass.sizes, pass.row_gradient, pass.column_gradient);
        const auto [outer_sums, inner_sums] = outer_first(pass.sizes, pass.row_sums, pass.column_sums);
        const auto [outer_share, inner_share] =
            outer_first(pass.sizes, T(1) / static_cast<T>(columns), T(1) / static_cast<T>(rows));
        for (int64_t c = 0; c < MixingTile::padded(written, panel); c += lanes) {
            const int64_t valid = written - c;
            T *to = pass.tiles + c / panel * size + c % panel;
            Lanes shared = {}, total = {};
            if (outer_gradient && valid > 0)
                shared = V::load(outer_gradient + place.outer * written + c, valid) * outer_share;
            for (int64_t e = 0; e < place.entries; ++e) {
                Lanes gradient = shared;
                if (valid > 0) {
                    const int64_t here = (place.first + e * place.stride) * written + c;
                    const int64_t inner = (place.inner + e) * written + c;
                    if (pass.y_gradient) gradient += V::load(pass.y_gradient + here, valid);
                    if (inner_gradient) gradient += V::load(inner_gradient + inner, valid) * inner_share;
                    if (rectifies) gradient = V::where_positive(V::load(pass.y + here, valid), gradient);
                    add(inner_sums + inner, gradient, valid);
                    total += gradient;
                }
                V::store(to + e * panel, gradient);
            }
            if (valid > 0) add(outer_sums + place.outer * written + c, total, valid);
        }
    }

    /// `weight_panels += xᵀ · gradients`.
    static INLINE void add_outer(
        const MixingBackward<S, T> &pass, const Tile &x, const Tile &gradients, int64_t entries) {
        const int64_t read = pass.sizes.read;
        for (int64_t start = 0; start < read; start += panel)
            for_each_piece(std::min(panel, read - start), [&]<int count>(int64_t k) __attribute__((always_inline)) {
                const T *left = x.at(0, start + k);
                for (int64_t channel = 0; channel < pass.sizes.written; channel += panel) {
                    const T *right = gradients.at(0, channel);
                    T *place = pass.weight_panels + channel * read + (start + k) * panel;
                    Lanes sums[count][vectors];
                    for (int i = 0; i < count; ++i)
                        for (int v = 0; v < vectors; ++v) sums[i][v] = V::load(place + i * panel + v * lanes);
                    for (int64_t e = 0; e < entries; ++e) {
                        Lanes values[vectors];
                        for (int v = 0; v < vectors; ++v) values[v] = V::load(right + e * panel + v * lanes);
                        for (int i = 0; i < count; ++i) {
                            const T value = left[e * x.entry_stride + i];
                            for (int v = 0; v < vectors; ++v) sums[i][v] += value * values[v];
                        }
                    }
                    for (int i = 0; i < count; ++i)
                        for (int v = 0; v < vectors; ++v) V::store(place + i * panel + v * lanes, sums[i][v]);
                }
            });
    }

    /// `x_gradient = gradients · weightᵀ`.
    static INLINE void multiply_back(
        const MixingBackward<S, T> &pass, const Tile &gradients, const Place &place) {
        const int64_t read = pass.sizes.read, written = pass.sizes.written;
        for (int64_t channel = 0; channel < read; channel += panel)
            for_each_piece(place.entries, [&]<int count>(int64_t entry) __attribute__((always_inline)) {
                prefetch(pass.x, place, entry, count, channel, read);
                prefetch(pass.x_gradient, place, entry, count, channel, read);
                prefetch(pass.y, place, entry, count, channel, written);
                prefetch(pass.y_gradient, place, entry, count, channel, written);
                Lanes sums[count][vectors] = {};
                multiply<count>(gradients, entry, written, pass.panels + channel * written, sums);
                for (int v = 0; v < vectors; ++v) {
                    const int64_t c = channel + v * lanes;
                    for (int e = 0; e < count; ++e)
                        V::store(pass.x_gradient + (place.first + (entry + e) * place.stride) * read + c, sums[e][v], read - c);
                }
            });
    }
};

} // namespace ctorch
