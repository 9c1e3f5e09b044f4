#pragma once

/// On functions that are compiled for several instruction sets, of which the best one is chosen when the library loads.
#if defined(__x86_64__) && defined(__ELF__)
#define VECTORIZED __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define VECTORIZED
#endif

/// On what they call, so that it is compiled for the same.
#define INLINE inline __attribute__((always_inline))
