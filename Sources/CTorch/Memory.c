#include "CTorchFunctions.h"

#include <limits.h>
#include <stdlib.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

void ct_reuse_allocations(void) {
#if defined(__GLIBC__)
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_ARENA_MAX, 1); // those of other threads give large pieces back all the time
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
    mallopt(M_TOP_PAD, 64 << 20);
#endif
}

void ct_free(void *pointer) { free(pointer); }
