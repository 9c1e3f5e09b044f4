#include "CZlib.h"

#include <zlib.h>

uint32_t zlib_crc32(uint32_t start, const uint8_t *bytes, size_t count) {
    return count == 0 ? start : (uint32_t)crc32_z(start, bytes, count);
}
