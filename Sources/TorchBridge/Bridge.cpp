#include "CTorch.h"

const ct_table *ct_bridge(void) {
#define NAMED(name) .name = ct_##name,
    static constexpr ct_table table = {.bytes = sizeof(ct_table), CT_FUNCTIONS(NAMED)};
#undef NAMED
    return &table;
}
