#pragma once

#include "MixingPlaces.hpp"
#include "SpreadingKernel.hpp"
#include "StoredChannels.hpp"

namespace ctorch {

/// The entries of one tile as the few channels that are not zero: for value `i`, which is position `i % positions` of an entry,
/// the eight from `rows[i]` on.
template <int bytes> struct InterpolatedTile {
    using Panel = MixingPanel<float, bytes>;
    using V = typename Panel::V;
    using Lanes = typename V::Lanes;
    static constexpr int vectors = Panel::vectors;
    static constexpr int64_t taps = SpreadingKernel::taps;

    const int32_t *rows;
    const float *taps_of_values; // `[taps, count]`
    int64_t count, positions;

    /// `result += x m` for some entries and one panel of `m`.
    template <int entries>
    INLINE void multiply(int64_t entry, int64_t, const float *m, Lanes (&result)[entries][vectors]) const {
        for (int e = 0; e < entries; ++e) {
            Lanes sums[vectors];
            for (int v = 0; v < vectors; ++v) sums[v] = result[e][v];
            for (int64_t i = (entry + e) * positions; i < (entry + e + 1) * positions; ++i) {
                const float *from = m + rows[i] * Panel::size;
                UNROLLED for (int64_t tap = 0; tap < taps; ++tap) {
                    const float left = taps_of_values[tap * count + i];
                    UNROLLED for (int v = 0; v < vectors; ++v)
                        sums[v] += left * V::load(from + tap * Panel::size + v * V::lanes);
                }
            }
            for (int v = 0; v < vectors; ++v) result[e][v] = sums[v];
        }
    }

    /// `weight_panels += xᵀ · gradients`.
    INLINE void add_outer(
        const ChannelTile<float, bytes> &gradients, const MixingSizes &sizes, int64_t entries, float *weight_panels) const {
        for (int64_t channel = 0; channel < sizes.written; channel += Panel::size)
            for (int64_t e = 0; e < entries; ++e) {
                const float *right = gradients.at(e, channel);
                Lanes values[vectors];
                UNROLLED for (int v = 0; v < vectors; ++v) values[v] = V::load(right + v * V::lanes);
                for (int64_t i = e * positions; i < (e + 1) * positions; ++i) {
                    float *place = weight_panels + channel * sizes.read + rows[i] * Panel::size;
                    UNROLLED for (int64_t tap = 0; tap < taps; ++tap) {
                        const float left = taps_of_values[tap * count + i];
                        UNROLLED for (int v = 0; v < vectors; ++v) {
                            float *sum = place + tap * Panel::size + v * V::lanes;
                            V::store(sum, V::load(sum) + left * values[v]);
                        }
                    }
                }
            }
    }
};

/// Channels that are values at `places` equally spaced places, for each of the `positions` of an entry: the channels of a number
/// are what its curves have of the values there, and only eight are not zero.
struct InterpolatedChannels {
    static constexpr bool is_differentiable = false;

    const float *x; // `[batch, rows, columns, positions]`
    int64_t positions, places;
    int64_t first; // the number of the first place; place `k` is at `k / density`
    float density;

    int64_t room(const MixingSizes &sizes, int64_t panel) const {
        return (SpreadingKernel::taps + 1) * MixingTile::padded(MixingTile::entries(sizes) * positions, panel);
    }

    template <int bytes>
    INLINE InterpolatedTile<bytes> tile(const MixingSizes &sizes, const MixingPlace &place, float *room) const {
        using V = Vector<float, bytes>;
        constexpr int64_t taps = SpreadingKernel::taps, panel = MixingPanel<float, bytes>::size;
        const int64_t count = MixingTile::padded(MixingTile::entries(sizes) * positions, panel);
        auto rows = reinterpret_cast<int32_t *>(room + taps * count);
        const float lowest = static_cast<float>(first + SpreadingKernel::below), highest = lowest + (places - taps);
        for (int64_t e = 0; e < place.entries; ++e)
            for (int64_t p = 0; p < positions; ++p) {
                const float number = x[(place.first + e * place.stride) * positions + p];
                float before = __builtin_floorf(number * density);
                before = before > lowest ? before : lowest;
                before = before < highest ? before : highest;
                rows[e * positions + p] = static_cast<int32_t>(p * places + static_cast<int64_t>(before - lowest));
                room[e * positions + p] = 2 * (number * density - before) - 1;
            }
        for (int64_t i = 0; i < place.entries * positions; i += V::lanes) {
            const auto twice = 2 * V::load(room + i);
            UNROLLED for (int64_t tap = taps - 1; tap >= 0; --tap) {
                const auto &series = SpreadingKernel::shared().series[tap];
                typename V::Lanes sum = {}, before = {};
                UNROLLED for (int order = SpreadingKernel::degree; order > 0; --order) {
                    const auto next = twice * sum + (series[order] - before);
                    before = sum;
                    sum = next;
                }
                V::store(room + tap * count + i, twice * sum * 0.5f + (series[0] - before));
            }
        }
        return {rows, room, count, positions};
    }

    /// A tile's numbers are few.
    INLINE void prefetch(const MixingPlace &, int64_t, int64_t, int64_t, int64_t) const {}
};

} // namespace ctorch
