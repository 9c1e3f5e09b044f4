#include "CPictures.h"

#include <stdlib.h>
#include <zlib.h>

struct PicturesInflater {
    z_stream stream;
    int member_ended;
};

PicturesInflater *pictures_inflater_create(void) {
    PicturesInflater *inflater = calloc(1, sizeof *inflater);
    if (inflater == NULL) return NULL;
    // 15 bits of window, 16 asks for the gzip wrapper and nothing else.
    if (inflateInit2(&inflater->stream, 15 + 16) != Z_OK) {
        free(inflater);
        return NULL;
    }
    return inflater;
}

void pictures_inflater_destroy(PicturesInflater *inflater) {
    if (inflater == NULL) return;
    inflateEnd(&inflater->stream);
    free(inflater);
}

PicturesInflateResult pictures_inflate(
    PicturesInflater *inflater, const uint8_t *input, uint32_t input_count, uint8_t *output, uint32_t output_count
) {
    z_stream *stream = &inflater->stream;
    if (inflater->member_ended) {
        inflateReset(stream);
        inflater->member_ended = 0;
    }
    stream->next_in = (Bytef *)input;
    stream->avail_in = input_count;
    stream->next_out = output;
    stream->avail_out = output_count;
    int status = inflate(stream, Z_NO_FLUSH);
    PicturesInflateResult result = {
        .consumed = input_count - stream->avail_in,
        .produced = output_count - stream->avail_out,
        .status = PICTURES_INFLATE_MORE,
    };
    if (status == Z_STREAM_END) {
        inflater->member_ended = 1;
        result.status = PICTURES_INFLATE_END;
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
        result.status = PICTURES_INFLATE_DAMAGED;
    }
    return result;
}
