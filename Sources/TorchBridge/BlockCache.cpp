#include "Guard.hpp"

#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>

#include <sys/mman.h>

#include <bit>
#include <map>
#include <mutex>
#include <new>

namespace {

/// Memory for tensors on the CPU. Large blocks that were given back are kept for the next tensors of about their size, because
/// fresh pages cost more than the arithmetic on them.
///
/// Blocks held are at most an eighth more than blocks ever in use at once.
class BlockCache final : public c10::Allocator {
    /// In front of every block's elements, which begin at a cache line as this does.
    struct alignas(64) Header {
        size_t size; // of the block with its header; zero where it is malloc's
    };

    /// Below this, malloc is as good.
    static constexpr size_t smallest = 1 << 16;

    std::mutex mutex;
    std::multimap<size_t, Header *> kept;
    size_t used = 0, most_used = 0, held = 0;

public:
    static BlockCache &shared() {
        static BlockCache &cache = *new BlockCache; // outlives every tensor
        return cache;
    }

    c10::DataPtr allocate(size_t count) override {
        if (count == 0) return {nullptr, nullptr, &give_back, c10::Device(c10::DeviceType::CPU)};
        TORCH_CHECK(count <= SIZE_MAX / 4, "no memory for ", count, " bytes");
        Header *block = count < smallest ? small(count + sizeof(Header)) : take(rounded(count + sizeof(Header)));
        if (c10::memoryProfilingEnabled())
            c10::reportMemoryUsageToProfiler(
                block + 1, static_cast<int64_t>(count), 0, 0, c10::Device(c10::DeviceType::CPU));
        return {block + 1, block + 1, &give_back, c10::Device(c10::DeviceType::CPU)};
    }

    c10::DeleterFnPtr raw_deleter() const override { return &give_back; }

    void copy_data(void *to, const void *from, size_t count) const override { default_copy_data(to, from, count); }

private:
    /// The next of eight sizes for every power of two.
    static size_t rounded(size_t count) {
        const size_t step = std::bit_floor(count) / 8;
        return (count + step - 1) / step * step;
    }

    static Header *small(size_t size) { return new (c10::alloc_cpu(size)) Header{0}; }

    Header *take(size_t size) {
        std::lock_guard lock(mutex);
        if (auto place = kept.lower_bound(size); place != kept.end() && place->first <= size + size / 4) {
            note_use(place->first);
            return kept.extract(place).mapped();
        }
        while (!kept.empty() && held + size > most_used + most_used / 8) drop_largest();
        void *memory = map(size);
        while (memory == MAP_FAILED && !kept.empty()) {
            drop_largest();
            memory = map(size);
        }
        TORCH_CHECK(memory != MAP_FAILED, "no memory for ", size, " bytes");
#if defined(MADV_HUGEPAGE)
        madvise(memory, size, MADV_HUGEPAGE);
#endif
        held += size;
        note_use(size);
        return new (memory) Header{size};
    }

    static void *map(size_t size) { return mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0); }

    void drop_largest() {
        auto largest = std::prev(kept.end());
        held -= largest->first;
        munmap(largest->second, largest->first);
        kept.erase(largest);
    }

    void note_use(size_t size) {
        used += size;
        most_used = std::max(most_used, used);
    }

    static void give_back(void *elements) {
        if (!elements) return;
        Header *block = static_cast<Header *>(elements) - 1;
        if (block->size == 0) return c10::free_cpu(block);
        BlockCache &cache = shared();
        std::lock_guard lock(cache.mutex);
        cache.used -= block->size;
        cache.kept.emplace(block->size, block);
    }
};

} // namespace

void ct_reuse_memory(void) { c10::SetCPUAllocator(&BlockCache::shared(), /*priority=*/1); }
