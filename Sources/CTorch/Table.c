#include "CTorch.h"

#include <dlfcn.h>
#include <string.h>

#if defined(__APPLE__)
#define LIBRARY "@rpath/libTorchBridge.dylib"
#else
#define LIBRARY "libTorchBridge.so"
#endif

/// Where no bridge is linked that has its own.
__attribute__((weak)) const ct_table *ct_bridge(void) { return NULL; }

const ct_table *ct_open(char **error) {
    const ct_table *linked = ct_bridge();
    if (linked) return linked;

    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_GLOBAL);
    const ct_table *(*bridge)(void) = library ? (const ct_table *(*)(void))dlsym(library, "ct_bridge") : NULL;
    if (!bridge) {
        *error = strdup(dlerror());
        return NULL;
    }
    const ct_table *table = bridge();
    if (table->bytes == sizeof(ct_table)) return table;
    *error = strdup(LIBRARY " was built from other sources than the program");
    return NULL;
}
