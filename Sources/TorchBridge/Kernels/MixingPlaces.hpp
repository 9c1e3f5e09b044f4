#pragma once

#include "Panels.hpp"

#include <utility>

// How batches of matrices are walked, tile by tile. A tile is part of one row or column of a matrix, whichever is longer; it
// goes through everything while it lies in the first caches.

namespace ctorch {

/// Of `x` `[batch, rows, columns, read]` and `y` `[batch, rows, columns, written]`.
struct MixingSizes {
    int64_t batch, rows, columns, read, written;
    int64_t tile; // entries
    bool rectifies;
};

/// How many entries a tile has, few enough for it and its gradient to stay in the first caches, where each entry has so many
/// channels.
inline int64_t tile_entries(int64_t longest, int64_t channels) {
    return std::min(longest, std::clamp<int64_t>(12288 / channels, 32, 96));
}

/// Where a tile lies: the longer axis of the matrices is the inner one.
struct MixingPlace {
    int64_t first, stride; // entries, as stored
    int64_t next;          // where the tile after this one begins
    int64_t outer, inner;  // vectors along the axes
    int64_t entries;
};

/// What belongs to the rows and to the columns, that of the outer axis first.
template <typename Value>
INLINE std::pair<Value, Value> outer_first(const MixingSizes &sizes, Value rows, Value columns) {
    return sizes.columns >= sizes.rows ? std::pair{rows, columns} : std::pair{columns, rows};
}

template <typename Body> INLINE void for_each_tile(const MixingSizes &sizes, Body body) {
    const auto [outer, inner] = outer_first(sizes, sizes.rows, sizes.columns);
    const auto [outer_stride, inner_stride] = outer_first(sizes, sizes.columns, int64_t(1));
    for (int64_t b = 0; b < sizes.batch; ++b)
        for (int64_t o = 0; o < outer; ++o)
            for (int64_t i = 0; i < inner; i += sizes.tile) {
                const int64_t first = b * outer * inner + o * outer_stride + i * inner_stride;
                const int64_t next = i + sizes.tile < inner ? sizes.tile * inner_stride : outer_stride - i * (inner_stride - 1);
                body(MixingPlace{
                    first, inner_stride, first + next, b * outer + o, b * inner + i, std::min(sizes.tile, inner - i)});
            }
}

/// A share of the work on a tile: some of its entries and, of `channels` channels, those from `channel` on.
struct MixingShare {
    int64_t entry, count, channel, width, channels;
};

/// Asks for what the next tile needs of an array while a share of this one is computed, line by line: tiles come too fast for
/// the caches to learn where. Where the array has more channels, or fewer, it is as much of them as of the share's.
template <typename S>
INLINE void prefetch(const S *array, int64_t channels, const MixingPlace &place, const MixingShare &share) {
    if (!array) return;
    constexpr int64_t line = 64 / sizeof(S);
    const int64_t first = share.channel * channels / share.channels;
    const int64_t end = std::min(share.channel + share.width, share.channels) * channels / share.channels;
    for (int64_t e = share.entry; e < share.entry + share.count; ++e)
        for (int64_t c = first / line * line; c < end; c += line)
            __builtin_prefetch(array + (place.next + e * place.stride) * channels + c, 0, 2);
}

} // namespace ctorch
