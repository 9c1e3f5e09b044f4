#pragma once

#include "Vectorized.hpp"

namespace ctorch {

/// As many columns of a weight, or channels of entries, as two vectors hold.
template <typename T, int bytes> struct Panel {
    using V = Vector<T, bytes>;
    using Lanes = typename V::Lanes;
    static constexpr int vectors = 2;
    static constexpr int64_t size = vectors * V::lanes;
};

/// `count`, filled up to whole units.
INLINE int64_t padded(int64_t count, int64_t unit) { return (count + unit - 1) / unit * unit; }

/// Calls `body<count>(first)` for pieces that fit the registers.
template <typename Body> INLINE void for_each_piece(int64_t count, Body body) {
    int64_t first = 0;
    for (; count - first >= 6 && count - first != 8; first += 6) body.template operator()<6>(first);
    for (; count - first >= 4; first += 4) body.template operator()<4>(first);
    for (; first < count; ++first) body.template operator()<1>(first);
}

} // namespace ctorch
