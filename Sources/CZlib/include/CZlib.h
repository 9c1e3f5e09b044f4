// zlib behind plain C functions: no macro, callback or allocation policy crosses this header.
#pragma once

#include <stddef.h>
#include <stdint.h>

// A compressed stream that is inflated piece by piece.
typedef struct ZlibInflater ZlibInflater;

typedef enum {
    ZLIB_WRAPPER_NONE, // DEFLATE as it is, as inside zip archives
    ZLIB_WRAPPER_GZIP, // gzip members, one after another
} ZlibWrapper;

typedef enum {
    ZLIB_INFLATE_MORE,    // wants more input or more room
    ZLIB_INFLATE_END,     // a stream or member ended; gzip's checksum and length are right
    ZLIB_INFLATE_DAMAGED, // not of this kind, or damaged
} ZlibInflateStatus;

typedef struct {
    size_t consumed;
    size_t produced;
    ZlibInflateStatus status;
} ZlibInflateResult;

// Returns NULL when memory is short.
ZlibInflater *zlib_inflater_create(ZlibWrapper wrapper);
void zlib_inflater_destroy(ZlibInflater *inflater);

// Inflates from `input` to `output` until one of them is used up or a stream ends. The call after a stream's end
// starts the next one. Counts above UINT32_MAX are handled in pieces by the caller.
ZlibInflateResult zlib_inflate(
    ZlibInflater *inflater, const uint8_t *input, uint32_t input_count, uint8_t *output, uint32_t output_count
);

// The CRC-32 of `bytes` after those whose CRC-32 is `start` (0 for none).
uint32_t zlib_crc32(uint32_t start, const uint8_t *bytes, size_t count);
