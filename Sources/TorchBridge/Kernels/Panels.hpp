#pragma once

#include "Vectorized.hpp"

namespace ctorch {

/// `count`, filled up to whole units.
INLINE int64_t padded(int64_t count, int64_t unit) { return (count + unit - 1) / unit * unit; }

/// As many columns of a weight, or channels of entries, as two vectors hold.
template <typename T, int bytes> struct Panel {
    static constexpr int64_t lanes = Vector<T, bytes>::lanes;
    static constexpr int vectors = 2;
    static constexpr int64_t size = vectors * lanes;

    /// Calls `body<vectors>(first, valid)` for each panel of `channels`, with as many vectors as are not empty; `valid(v)` says
    /// how much of one there is, in whole panels without a question.
    template <typename Body> static INLINE void for_each(int64_t channels, Body body) {
        int64_t first = 0;
        for (; first + size <= channels; first += size)
            body.template operator()<vectors>(first, [](int) INLINE_LAMBDA { return lanes; });
        const auto rest = [&](int v) INLINE_LAMBDA { return channels - first - v * lanes; };
        if (rest(0) > lanes) body.template operator()<vectors>(first, rest);
        else if (rest(0) > 0) body.template operator()<1>(first, rest);
    }
};

/// Calls `body<count>(first)` for pieces that fit the registers.
template <typename Body> INLINE void for_each_piece(int64_t count, Body body) {
    int64_t first = 0;
    for (; count - first >= 6 && count - first != 8; first += 6) body.template operator()<6>(first);
    for (; count - first >= 4; first += 4) body.template operator()<4>(first);
    for (; first < count; ++first) body.template operator()<1>(first);
}

} // namespace ctorch
