#include "Guard.hpp"

#include <ATen/record_function.h>
#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>

#include <array>
#include <memory>
#include <string_view>

namespace {

/// What the thread has done since it began to count.
struct Counter : c10::MemoryReportingInfoBase {
    ct_counts counts{};
    at::CallbackHandle callback = 0;
    std::unique_ptr<c10::DebugInfoGuard> listening;

    void reportMemoryUsage(void *, int64_t size, size_t, size_t, c10::Device) override {
        if (size <= 0) return; // given back
        ++counts.allocations;
        counts.allocated_bytes += size;
    }

    bool memoryProfilingEnabled() const override { return true; }

    void record(std::string_view name) {
        static constexpr std::array<std::string_view, 5> products{
            "aten::mm", "aten::addmm", "aten::bmm", "aten::baddbmm", ctorch::fused_product};
        ++counts.operators;
        for (auto product : products) counts.products += name == product;
    }
};

thread_local std::shared_ptr<Counter> counter;

} // namespace

void ct_begin_counting(char **error) {
    ctorch::guarded(error, [] {
        TORCH_CHECK(!counter, "this thread is counting already");
        counter = std::make_shared<Counter>();
        counter->callback = at::addThreadLocalCallback(
            at::RecordFunctionCallback([](const at::RecordFunction &call) -> std::unique_ptr<at::ObserverContext> {
                if (counter) counter->record(call.name());
                return nullptr;
            }).scopes({at::RecordScope::FUNCTION}));
        counter->listening = std::make_unique<c10::DebugInfoGuard>(c10::DebugInfoKind::PROFILER_STATE, counter);
    });
}

ct_counts ct_end_counting(void) {
    const auto done = std::move(counter);
    done->listening.reset();
    at::removeCallback(done->callback);
    return done->counts;
}
