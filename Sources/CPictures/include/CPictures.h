// libpng and libjpeg behind plain C functions: no setjmp, callback or allocation policy crosses this header.
#pragma once

#include <stddef.h>
#include <stdint.h>

#define PICTURES_MESSAGE_SIZE 256

// What a picture's header says. `channels` is what decoding yields; only 1 and 3 can be decoded.
// `encoded_bytes_at_least` is a lower bound on the size of a file that holds this many pixels, 0 when the format gives none.
typedef struct {
    uint32_t width;
    uint32_t height;
    uint32_t channels;
    uint64_t encoded_bytes_at_least;
} PicturesHeader;

// Each function below returns 1 on success; otherwise 0, with one line of text in `message`
// (PICTURES_MESSAGE_SIZE bytes).

// Reads the header of a PNG. Palettes become colour, 1, 2, 4 and 16 bits become 8, alpha is laid over black.
int pictures_png_header(const uint8_t *bytes, size_t count, PicturesHeader *header, char *message);

// Decodes a PNG into `pixels`, rows from the top, channels interleaved. `pixel_count` is width × height × channels.
int pictures_png_decode(const uint8_t *bytes, size_t count, uint8_t *pixels, size_t pixel_count, char *message);

// Encodes 8-bit grey (`channels` 1) or RGB (3) pixels. The caller frees `*encoded` with `pictures_free`.
int pictures_png_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t channels,
    uint8_t **encoded, size_t *encoded_count, char *message
);

// Reads the header of a JPEG; `channels` is its number of components, 4 for CMYK.
int pictures_jpeg_header(const uint8_t *bytes, size_t count, PicturesHeader *header, char *message);

// Decodes a JPEG into `pixels` as above. Anything that libjpeg only warns of (data that ends early, say) is a failure.
int pictures_jpeg_decode(const uint8_t *bytes, size_t count, uint8_t *pixels, size_t pixel_count, char *message);

void pictures_free(void *memory);
