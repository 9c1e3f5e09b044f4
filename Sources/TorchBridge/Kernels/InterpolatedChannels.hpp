#pragma once

#include "SpreadingKernel.hpp"
#include "StoredChannels.hpp"

namespace ctorch {

/// The entries of one tile by their channels that are not zero: number `i` of the tile, at position `i % positions` of its
/// entry, has eight, which are read by row `rows[i]` of the weight and those after it.
template <int bytes> struct InterpolatedTile {
    using V = Vector<float, bytes>;
    using Lanes = typename V::Lanes;
    static constexpr int64_t panel = Panel<float, bytes>::size, taps = SpreadingKernel::taps;

    const int32_t *rows;
    const float *channels; // `[taps, stride]`
    int64_t stride, positions;

    /// `result += x m` for some entries and one panel of `m`.
    template <int entries, int vectors>
    INLINE void multiply(int64_t entry, int64_t, const float *m, Lanes (&result)[entries][vectors]) const {
        for (int e = 0; e < entries; ++e) {
            Lanes sums[vectors];
            for (int v = 0; v < vectors; ++v) sums[v] = result[e][v];
            for (int64_t i = (entry + e) * positions; i < (entry + e + 1) * positions; ++i) {
                const float *from = m + rows[i] * panel;
                UNROLLED for (int64_t tap = 0; tap < taps; ++tap) {
                    const float left = channels[tap * stride + i];
                    UNROLLED for (int v = 0; v < vectors; ++v)
                        sums[v] += left * V::load(from + tap * panel + v * V::lanes);
                }
            }
            for (int v = 0; v < vectors; ++v) result[e][v] = sums[v];
        }
    }

    /// `weight_panels += xᵀ · gradients`.
    INLINE void add_outer(
        const ChannelTile<float, bytes> &gradients, const MixingSizes &sizes, int64_t entries, float *weight_panels) const {
        Panel<float, bytes>::for_each(sizes.written, [&]<int vectors>(int64_t channel, auto) INLINE_LAMBDA {
            for (int64_t e = 0; e < entries; ++e) {
                const float *right = gradients.at(e, channel);
                Lanes values[vectors];
                UNROLLED for (int v = 0; v < vectors; ++v) values[v] = V::load(right + v * V::lanes);
                for (int64_t i = e * positions; i < (e + 1) * positions; ++i) {
                    float *place = weight_panels + channel * sizes.read + rows[i] * panel;
                    UNROLLED for (int64_t tap = 0; tap < taps; ++tap) {
                        const float left = channels[tap * stride + i];
                        UNROLLED for (int v = 0; v < vectors; ++v) {
                            float *sum = place + tap * panel + v * V::lanes;
                            V::store(sum, V::load(sum) + left * values[v]);
                        }
                    }
                }
            }
        });
    }
};

/// Channels that stand for `places` equally spaced places, for each of the `positions` numbers of an entry. What is read is the
/// numbers; the channels of one say how a curve's value at it follows from values at those places, and eight are not zero.
struct InterpolatedChannels {
    static constexpr bool is_differentiable = false;

    const float *x; // `[batch, rows, columns, positions]`
    int64_t positions, places;
    int64_t first; // the number of the first place; place `k` is at `k / density`
    float density;

    /// Elements that a tile takes.
    int64_t room(const MixingSizes &sizes, int64_t panel) const {
        return (SpreadingKernel::taps + 1) * padded(sizes.tile * positions, panel);
    }

    template <int bytes>
    INLINE InterpolatedTile<bytes> tile(const MixingSizes &sizes, const MixingPlace &place, float *to) const {
        using V = Vector<float, bytes>;
        constexpr int64_t taps = SpreadingKernel::taps;
        const auto &kernel = SpreadingKernel::shared();
        const int64_t stride = padded(sizes.tile * positions, Panel<float, bytes>::size);
        auto rows = reinterpret_cast<int32_t *>(to + taps * stride);
        const float lowest = static_cast<float>(first + SpreadingKernel::below), highest = lowest + (places - taps);
        for (int64_t e = 0; e < place.entries; ++e)
            for (int64_t p = 0; p < positions; ++p) {
                const float number = x[(place.first + e * place.stride) * positions + p];
                float below = __builtin_floorf(number * density);
                below = below > lowest ? below : lowest; // also for NaN
                below = below < highest ? below : highest;
                rows[e * positions + p] = static_cast<int32_t>(p * places + static_cast<int64_t>(below - lowest));
                to[e * positions + p] = 2 * (number * density - below) - 1;
            }
        for (int64_t i = 0; i < place.entries * positions; i += V::lanes) {
            const auto twice = 2 * V::load(to + i);
            UNROLLED for (int64_t tap = 0; tap < taps; ++tap) {
                const auto &series = kernel.series[tap];
                typename V::Lanes sum = {}, last = {}; // by Clenshaw's rule
                UNROLLED for (int order = SpreadingKernel::degree; order > 0; --order) {
                    const auto next = twice * sum + (series[order] - last);
                    last = sum;
                    sum = next;
                }
                V::store(to + tap * stride + i, twice * sum * 0.5f + (series[0] - last));
            }
        }
        return {rows, to, stride, positions};
    }

    /// A tile's numbers are few.
    INLINE void prefetch(int64_t, const MixingPlace &, const MixingShare &) const {}
};

} // namespace ctorch
