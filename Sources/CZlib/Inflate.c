#include "CZlib.h"

#include <stdlib.h>
#include <zlib.h>

struct ZlibInflater {
    z_stream stream;
    int ended;
};

ZlibInflater *zlib_inflater_create(ZlibWrapper wrapper) {
    ZlibInflater *inflater = calloc(1, sizeof *inflater);
    if (inflater == NULL) return NULL;
    // 15 bits of window; 16 more ask for the gzip wrapper and nothing else, the minus sign for no wrapper.
    if (inflateInit2(&inflater->stream, wrapper == ZLIB_WRAPPER_GZIP ? 15 + 16 : -15) != Z_OK) {
        free(inflater);
        return NULL;
    }
    return inflater;
}

void zlib_inflater_destroy(ZlibInflater *inflater) {
    if (inflater == NULL) return;
    inflateEnd(&inflater->stream);
    free(inflater);
}

ZlibInflateResult zlib_inflate(
    ZlibInflater *inflater, const uint8_t *input, uint32_t input_count, uint8_t *output, uint32_t output_count
) {
    z_stream *stream = &inflater->stream;
    if (inflater->ended) {
        inflateReset(stream);
        inflater->ended = 0;
    }
    stream->next_in = (Bytef *)input;
    stream->avail_in = input_count;
    stream->next_out = output;
    stream->avail_out = output_count;
    int status = inflate(stream, Z_NO_FLUSH);
    ZlibInflateResult result = {
        .consumed = input_count - stream->avail_in,
        .produced = output_count - stream->avail_out,
        .status = ZLIB_INFLATE_MORE,
    };
    if (status == Z_STREAM_END) {
        inflater->ended = 1;
        result.status = ZLIB_INFLATE_END;
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
        result.status = ZLIB_INFLATE_DAMAGED;
    }
    return result;
}
