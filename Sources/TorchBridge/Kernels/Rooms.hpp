#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace ctorch {

/// Rooms for floats, each at the start of a cache line; they last as long as this does.
class Rooms {
    struct alignas(64) Line {
        float floats[16];
    };

    std::vector<std::unique_ptr<Line[]>> rooms;

    float *keep(std::unique_ptr<Line[]> room) {
        rooms.push_back(std::move(room));
        return rooms.back()[0].floats;
    }

    static int64_t lines(int64_t floats) { return (floats + 15) / 16; }

public:
    /// A room of zeros.
    float *zeros(int64_t floats) { return keep(std::make_unique<Line[]>(lines(floats))); }

    /// A room to write to before it is read.
    float *uninitialized(int64_t floats) { return keep(std::make_unique_for_overwrite<Line[]>(lines(floats))); }
};

} // namespace ctorch
