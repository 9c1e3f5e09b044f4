#include "CPictures.h"

#include <limits.h>
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The compressed bytes that are still to be read, and where a failure goes.
typedef struct {
    const uint8_t *next;
    size_t left;
    char *message;
} Source;

typedef struct {
    uint8_t *bytes;
    size_t count;
    size_t capacity;
    char *message;
} Sink;

static void fail(png_structp png, png_const_charp text) {
    char *message = *(char **)png_get_error_ptr(png);
    snprintf(message, PICTURES_MESSAGE_SIZE, "%s", text);
    png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

static void read_bytes(png_structp png, png_bytep destination, size_t count) {
    Source *source = png_get_io_ptr(png);
    if (count > source->left) png_error(png, "the data ends early");
    memcpy(destination, source->next, count);
    source->next += count;
    source->left -= count;
}

static void write_bytes(png_structp png, png_bytep bytes, size_t count) {
    Sink *sink = png_get_io_ptr(png);
    if (count > sink->capacity - sink->count) {
        size_t capacity = (sink->count + count) * 2;
        uint8_t *grown = realloc(sink->bytes, capacity);
        if (grown == NULL) png_error(png, "out of memory");
        sink->bytes = grown;
        sink->capacity = capacity;
    }
    memcpy(sink->bytes + sink->count, bytes, count);
    sink->count += count;
}

static void flush_bytes(png_structp png) {
    (void)png;
}

// Starts reading. Chunks about colour are skipped: the samples are what was stored, also where alpha is laid over black.
static void read_info(png_structp png, png_infop info, Source *source) {
    static const png_byte skipped[] = "gAMA\0cHRM\0sRGB\0iCCP";
    png_set_read_fn(png, source, read_bytes);
    png_set_user_limits(png, INT_MAX, INT_MAX);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, skipped, sizeof skipped / 5);
    png_read_info(png, info);
}

// Asks libpng for 8-bit grey or RGB.
static void transform_to_bytes(png_structp png, png_infop info) {
    png_set_expand(png);
    png_set_scale_16(png);
    if ((png_get_color_type(png, info) & PNG_COLOR_MASK_ALPHA) || png_get_valid(png, info, PNG_INFO_tRNS)) {
        png_color_16 black = {0};
        png_set_background(png, &black, PNG_BACKGROUND_GAMMA_SCREEN, 0, 1.0);
    }
}

static uint32_t decoded_channels(png_structp png, png_infop info) {
    return (png_get_color_type(png, info) & PNG_COLOR_MASK_COLOR) ? 3 : 1;
}

int pictures_png_header(const uint8_t *bytes, size_t count, PicturesHeader *header, char *message) {
    Source source = {bytes, count, message};
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &source.message, fail, ignore);
    png_infop info = png == NULL ? NULL : png_create_info_struct(png);
    if (info == NULL) {
        png_destroy_read_struct(&png, NULL, NULL);
        snprintf(message, PICTURES_MESSAGE_SIZE, "out of memory");
        return 0;
    }
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_read_struct(&png, &info, NULL);
        return 0;
    }
    read_info(png, info, &source);
    header->width = png_get_image_width(png, info);
    header->height = png_get_image_height(png, info);
    header->channels = decoded_channels(png, info);
    // Deflate shrinks data by 1,032 at most.
    header->encoded_bytes_at_least = (uint64_t)png_get_rowbytes(png, info) * header->height / 1032;
    png_destroy_read_struct(&png, &info, NULL);
    return 1;
}

int pictures_png_decode(const uint8_t *bytes, size_t count, uint8_t *pixels, size_t pixel_count, char *message) {
    Source source = {bytes, count, message};
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &source.message, fail, ignore);
    png_infop info = png == NULL ? NULL : png_create_info_struct(png);
    if (info == NULL) {
        png_destroy_read_struct(&png, NULL, NULL);
        snprintf(message, PICTURES_MESSAGE_SIZE, "out of memory");
        return 0;
    }
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_read_struct(&png, &info, NULL);
        return 0;
    }
    read_info(png, info, &source);
    transform_to_bytes(png, info);
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    size_t row_bytes = png_get_rowbytes(png, info);
    png_uint_32 height = png_get_image_height(png, info);
    if (row_bytes * height != pixel_count) png_error(png, "the size differs from the header's");
    for (int pass = 0; pass < passes; pass++) {
        for (png_uint_32 row = 0; row < height; row++) png_read_row(png, pixels + row * row_bytes, NULL);
    }
    png_read_end(png, NULL);
    png_destroy_read_struct(&png, &info, NULL);
    return 1;
}

int pictures_png_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t channels,
    uint8_t **encoded, size_t *encoded_count, char *message
) {
    Sink sink = {NULL, 0, 0, message};
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &sink.message, fail, ignore);
    png_infop info = png == NULL ? NULL : png_create_info_struct(png);
    if (info == NULL) {
        png_destroy_write_struct(&png, NULL);
        snprintf(message, PICTURES_MESSAGE_SIZE, "out of memory");
        return 0;
    }
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_write_struct(&png, &info);
        free(sink.bytes);
        return 0;
    }
    png_set_write_fn(png, &sink, write_bytes, flush_bytes);
    png_set_user_limits(png, INT_MAX, INT_MAX);
    int colour = channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB;
    png_set_IHDR(
        png, info, width, height, 8, colour, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT
    );
    png_write_info(png, info);
    size_t row_bytes = (size_t)width * channels;
    for (uint32_t row = 0; row < height; row++) png_write_row(png, pixels + row * row_bytes);
    png_write_end(png, NULL);
    png_destroy_write_struct(&png, &info);
    *encoded = sink.bytes;
    *encoded_count = sink.count;
    return 1;
}

void pictures_free(void *memory) {
    free(memory);
}
