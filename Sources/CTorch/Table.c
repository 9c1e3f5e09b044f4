#include "CTorch.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#if defined(__APPLE__)
#define LIBRARY "@rpath/libTorchBridge.dylib"
#else
#define LIBRARY "libTorchBridge.so"
#endif

/// Where no bridge is linked that has its own.
__attribute__((weak)) const ct_table *ct_bridge(void) { return NULL; }

static _Noreturn void fail(const char *reason) {
    fprintf(stderr, "libtorch was not loaded: %s; `make build` puts libTorchBridge beside the program\n", reason);
    exit(127);
}

const ct_table *ct_open(void) {
    const ct_table *linked = ct_bridge();
    if (linked) return linked;

    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_GLOBAL);
    const ct_table *(*bridge)(void) = library ? (const ct_table *(*)(void))dlsym(library, "ct_bridge") : NULL;
    if (!bridge) fail(dlerror());
    const ct_table *table = bridge();
    if (table->bytes != sizeof(ct_table)) fail(LIBRARY " was built from other sources");
    return table;
}

void ct_free(void *pointer) { free(pointer); }
