#pragma once

/// On functions that are compiled for several instruction sets, of which the best one is chosen when the library loads.
#if defined(__x86_64__) && defined(__ELF__)
#define VECTORIZED __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define VECTORIZED
#endif

/// On what they call, so that it is compiled for the same.
#define INLINE inline __attribute__((always_inline))

/// On loops whose arrays are to live in registers.
#define UNROLLED _Pragma("clang loop unroll(full)")

#pragma GCC diagnostic ignored "-Wpsabi" // all functions that take or return vectors are inlined

namespace ctorch {

/// Calls `kernel.run<bytes>()`, compiled for the widest vectors that this machine has.
///
/// `run` and all that it calls are `INLINE` templates on the width, because no attribute can change that of a type.
template <typename Kernel> void run_vectorized(const Kernel &kernel);

#if defined(__x86_64__)
template <typename Kernel>
__attribute__((target("arch=x86-64-v4"), min_vector_width(512))) void run_with_64_bytes(const Kernel &kernel) {
    kernel.template run<64>();
}

template <typename Kernel> __attribute__((target("arch=x86-64-v3"))) void run_with_32_bytes(const Kernel &kernel) {
    kernel.template run<32>();
}
#endif

template <typename Kernel> void run_vectorized(const Kernel &kernel) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("x86-64-v4")) return run_with_64_bytes(kernel);
    if (__builtin_cpu_supports("x86-64-v3")) return run_with_32_bytes(kernel);
#endif
    kernel.template run<16>();
}

} // namespace ctorch
