#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <type_traits>

#pragma GCC diagnostic ignored "-Wpsabi" // all functions that take or return vectors are inlined

/// On what kernels call, so that it is compiled for the same instruction set.
#define INLINE inline __attribute__((always_inline))
#define INLINE_LAMBDA __attribute__((always_inline))

/// On loops whose arrays are to live in registers.
#define UNROLLED _Pragma("clang loop unroll(full)")

namespace ctorch {

/// The bytes of the widest vectors that the machine works on.
inline int vector_bytes() {
#if defined(__x86_64__)
    static const int bytes = __builtin_cpu_supports("x86-64-v4") ? 64 : __builtin_cpu_supports("x86-64-v3") ? 32 : 16;
    return bytes;
#else
    return 16;
#endif
}

#if defined(__x86_64__)
template <typename Kernel>
__attribute__((target("arch=x86-64-v4"), min_vector_width(512))) void run_with_64_bytes(const Kernel &kernel) {
    kernel.template run<64>();
}

template <typename Kernel> __attribute__((target("arch=x86-64-v3"))) void run_with_32_bytes(const Kernel &kernel) {
    kernel.template run<32>();
}
#endif

/// Calls `kernel.run<bytes>()`, compiled for the widest vectors that this machine has.
///
/// `run` and all that it calls are `INLINE` templates on the width, because no attribute can change that of a type.
template <typename Kernel> void run_vectorized(const Kernel &kernel) {
#if defined(__x86_64__)
    if (vector_bytes() == 64) return run_with_64_bytes(kernel);
    if (vector_bytes() == 32) return run_with_32_bytes(kernel);
#endif
    kernel.template run<16>();
}

/// Vectors of `T`, and of the types that `T` is stored as.
template <typename T, int bytes> struct Vector {
    static constexpr int64_t lanes = bytes / sizeof(T);
    typedef T Lanes __attribute__((vector_size(bytes)));

    template <typename Stored> static INLINE Lanes load(const Stored *place) {
        if constexpr (sizeof(Stored) == sizeof(T)) return *reinterpret_cast<const Loose<T> *>(place);
        else return (Lanes)(__builtin_convertvector(*reinterpret_cast<const Loose<uint16_t> *>(place), Words) << 16);
    }

    /// A bfloat16 is the nearest, the even one of two; a NaN stays one.
    template <typename Stored> static INLINE void store(Stored *place, Lanes values) {
        if constexpr (sizeof(Stored) == sizeof(T)) *reinterpret_cast<Loose<T> *>(place) = values;
        else {
            const Words word = (Words)values, rounded = word + 0x7fff + ((word >> 16) & 1);
            const Words is_number = (Words)(values == values);
            const Words chosen = (rounded & is_number) | ((word | 0x400000) & ~is_number);
            *reinterpret_cast<Loose<uint16_t> *>(place) = __builtin_convertvector(chosen >> 16, Halves);
        }
    }

    /// The first elements, the others zero.
    template <typename Stored> static INLINE Lanes load(const Stored *place, int64_t valid) {
        if (valid >= lanes) return load(place);
        if constexpr (bytes > 16) {
            using Half = Vector<T, bytes / 2>;
            alignas(Lanes) typename Half::Lanes halves[2] = {Half::load(place, valid)};
            if (valid > Half::lanes) halves[1] = Half::load(place + Half::lanes, valid - Half::lanes);
            return *reinterpret_cast<const Lanes *>(halves);
        } else {
            Loose<Stored> whole = {}; // in a register: a load would have to wait for stores of its parts
            UNROLLED for (int64_t i = 0; i < lanes; ++i)
                if (i < valid) whole[i] = place[i];
            return load(reinterpret_cast<const Stored *>(&whole));
        }
    }

    template <typename Stored> static INLINE void store(Stored *place, Lanes values, int64_t valid) {
        if (valid >= lanes) return store(place, values);
        if constexpr (bytes > 16) {
            using Half = Vector<T, bytes / 2>;
            auto halves = reinterpret_cast<const typename Half::Lanes *>(&values);
            Half::store(place, halves[0], valid);
            if (valid > Half::lanes) Half::store(place + Half::lanes, halves[1], valid - Half::lanes);
        } else {
            Stored whole[lanes];
            store(whole, values);
            for (int64_t i = 0; i < valid; ++i) place[i] = whole[i];
        }
    }

    /// The first elements of `values`, the others zero.
    static INLINE Lanes first(int64_t valid, Lanes values) {
        Integers places;
        UNROLLED for (int64_t i = 0; i < lanes; ++i) places[i] = static_cast<Integer>(i);
        const Integers kept = places < static_cast<Integer>(std::min(valid, lanes));
        return (Lanes)((Integers)values & kept);
    }

    static INLINE T sum(const Lanes &v) {
        if constexpr (bytes > 16) {
            auto halves = reinterpret_cast<const typename Vector<T, bytes / 2>::Lanes *>(&v);
            return Vector<T, bytes / 2>::sum(halves[0] + halves[1]);
        } else if constexpr (lanes == 4) return (v[0] + v[2]) + (v[1] + v[3]);
        else return v[0] + v[1];
    }

    /// `max(x, 0)`, and NaN for NaN.
    static INLINE Lanes rectified(Lanes x) {
        auto kept = ~(x <= Lanes{});
        return (Lanes)((decltype(kept))x & kept);
    }

    /// Zero instead of numbers so small that processors take a hundred times as long with them.
    static INLINE Lanes normal(Lanes x) {
        auto kept = ~(__builtin_elementwise_abs(x) < std::numeric_limits<T>::min());
        return (Lanes)((decltype(kept))x & kept);
    }

    /// `values` where `x` is positive.
    static INLINE Lanes where_positive(Lanes x, Lanes values) {
        auto kept = x > Lanes{};
        return (Lanes)((decltype(kept))values & kept);
    }

private:
    using Integer = std::conditional_t<sizeof(T) == sizeof(int64_t), int64_t, int32_t>;
    typedef Integer Integers __attribute__((vector_size(bytes)));
    // bfloat16 is the upper half of a float32.
    typedef uint16_t Halves __attribute__((vector_size(lanes * sizeof(uint16_t))));
    typedef uint32_t Words __attribute__((vector_size(lanes * sizeof(uint32_t))));

    template <typename Stored> struct Unaligned {
        typedef Stored Type __attribute__((vector_size(lanes * sizeof(Stored)), aligned(sizeof(Stored))));
    };
    template <typename Stored> using Loose = typename Unaligned<Stored>::Type;
};

} // namespace ctorch
