#pragma once

#include "MixingPlaces.hpp"

namespace ctorch {

/// The entries of one tile: channel `k` of entry `e` is at `base[k / panel * panel_stride + e * entry_stride + k % panel]`.
template <typename T, int bytes> struct ChannelTile {
    using V = Vector<T, bytes>;
    using Lanes = typename V::Lanes;
    static constexpr int64_t panel = Panel<T, bytes>::size;

    const T *base;
    int64_t entry_stride, panel_stride;

    INLINE const T *at(int64_t entry, int64_t channel) const {
        return base + channel / panel * panel_stride + entry * entry_stride + channel % panel;
    }

    /// `result += x m` for some entries and one panel of `m`.
    template <int entries, int vectors>
    INLINE void multiply(int64_t entry, int64_t read, const T *m, Lanes (&result)[entries][vectors]) const {
        Lanes sums[entries][vectors]; // a copy that stays in registers
        UNROLLED for (int e = 0; e < entries; ++e)
            UNROLLED for (int v = 0; v < vectors; ++v) sums[e][v] = result[e][v];
        for (int64_t start = 0; start < read; start += panel) {
            const T *from = at(entry, start);
            const int64_t count = std::min(read - start, panel);
            for (int64_t k = 0; k < count; ++k, m += panel) {
                Lanes right[vectors];
                UNROLLED for (int v = 0; v < vectors; ++v) right[v] = V::load(m + v * V::lanes);
                UNROLLED for (int e = 0; e < entries; ++e) {
                    const T left = from[e * entry_stride + k];
                    UNROLLED for (int v = 0; v < vectors; ++v) sums[e][v] += left * right[v];
                }
            }
        }
        UNROLLED for (int e = 0; e < entries; ++e)
            UNROLLED for (int v = 0; v < vectors; ++v) result[e][v] = sums[e][v];
    }

    /// `weight_panels += xᵀ · gradients`.
    INLINE void add_outer(const ChannelTile &gradients, const MixingSizes &sizes, int64_t entries, T *weight_panels) const {
        for (int64_t start = 0; start < sizes.read; start += panel)
            for_each_piece(std::min(panel, sizes.read - start), [&]<int count>(int64_t k) INLINE_LAMBDA {
                const T *left = at(0, start + k);
                Panel<T, bytes>::for_each(sizes.written, [&]<int vectors>(int64_t channel, auto) INLINE_LAMBDA {
                    const T *right = gradients.at(0, channel);
                    T *place = weight_panels + channel * sizes.read + (start + k) * panel;
                    Lanes sums[count][vectors];
                    UNROLLED for (int i = 0; i < count; ++i)
                        UNROLLED for (int v = 0; v < vectors; ++v) sums[i][v] = V::load(place + i * panel + v * V::lanes);
                    for (int64_t e = 0; e < entries; ++e) {
                        Lanes values[vectors];
                        UNROLLED for (int v = 0; v < vectors; ++v) values[v] = V::load(right + e * panel + v * V::lanes);
                        UNROLLED for (int i = 0; i < count; ++i) {
                            const T value = left[e * entry_stride + i];
                            UNROLLED for (int v = 0; v < vectors; ++v) sums[i][v] += value * values[v];
                        }
                    }
                    UNROLLED for (int i = 0; i < count; ++i)
                        UNROLLED for (int v = 0; v < vectors; ++v) V::store(place + i * panel + v * V::lanes, sums[i][v]);
                });
            });
    }
};

/// Channels that are read from memory, stored as `S` and computed with as `T`.
template <typename S, typename T> struct StoredChannels {
    static constexpr bool is_differentiable = true;

    const S *x;

    /// Elements that a copy takes.
    int64_t room(const MixingSizes &sizes, int64_t panel) const {
        return sizes.tile * padded(sizes.read, panel);
    }

    /// The tile as it lies, or a copy where it is stored otherwise or its entries would drive each other out of the cache.
    template <int bytes>
    INLINE ChannelTile<T, bytes> tile(const MixingSizes &sizes, const MixingPlace &place, T *copy) const {
        using V = Vector<T, bytes>;
        constexpr int64_t panel = Panel<T, bytes>::size;
        const S *from = x + place.first * sizes.read;
        const int64_t stride = place.stride * sizes.read, size = sizes.tile * panel;
        if constexpr (sizeof(S) == sizeof(T))
            if (stride * sizeof(S) < 512) return {reinterpret_cast<const T *>(from), stride, panel};
        for (int64_t k = 0; k < sizes.read; k += V::lanes)
            for (int64_t e = 0; e < place.entries; ++e)
                V::store(
                    copy + k / panel * size + e * panel + k % panel, V::load(from + e * stride + k, sizes.read - k));
        return {copy, panel, size};
    }

    INLINE void prefetch(int64_t read, const MixingPlace &place, const MixingShare &share) const {
        ctorch::prefetch(x, read, place, share);
    }
};

} // namespace ctorch
