#include "CPictures.h"

#include <stdio.h>
#include <jpeglib.h>
#include <jerror.h>
#include <setjmp.h>
#include <string.h>

// A progressive file may repeat its scans to keep a decoder busy; real ones have about ten.
static const int scan_limit = 100;

typedef struct {
    struct jpeg_error_mgr base;
    jmp_buf landing;
    char *message;
} Failure;

static void fail(j_common_ptr jpeg) {
    Failure *failure = (Failure *)jpeg->err;
    char text[JMSG_LENGTH_MAX];
    jpeg->err->format_message(jpeg, text);
    snprintf(failure->message, PICTURES_MESSAGE_SIZE, "%s", text);
    longjmp(failure->landing, 1);
}

static void fail_on_warning(j_common_ptr jpeg, int level) {
    if (level < 0) fail(jpeg);
}

static void fail_on_many_scans(j_common_ptr jpeg) {
    if (!jpeg->is_decompressor || ((j_decompress_ptr)jpeg)->input_scan_number <= scan_limit) return;
    Failure *failure = (Failure *)jpeg->err;
    snprintf(failure->message, PICTURES_MESSAGE_SIZE, "more than %d scans", scan_limit);
    longjmp(failure->landing, 1);
}

static void start(j_decompress_ptr jpeg, Failure *failure, char *message) {
    memset(jpeg, 0, sizeof *jpeg);
    jpeg->err = jpeg_std_error(&failure->base);
    failure->base.error_exit = fail;
    failure->base.emit_message = fail_on_warning;
    failure->message = message;
}

int pictures_jpeg_header(const uint8_t *bytes, size_t count, PicturesHeader *header, char *message) {
    struct jpeg_decompress_struct jpeg;
    Failure failure;
    start(&jpeg, &failure, message);
    if (setjmp(failure.landing)) {
        jpeg_destroy_decompress(&jpeg);
        return 0;
    }
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, bytes, count);
    jpeg_read_header(&jpeg, TRUE);
    header->width = jpeg.image_width;
    header->height = jpeg.image_height;
    header->channels = (uint32_t)jpeg.num_components;
    // A sequential file spends at least two bits on each 8×8 block of its first component, which may be subsampled by
    // four in each direction. A progressive one can say "empty" for thousands of blocks at once.
    header->encoded_bytes_at_least = jpeg.progressive_mode ? 0 : (uint64_t)jpeg.image_width * jpeg.image_height / 4096;
    jpeg_destroy_decompress(&jpeg);
    return 1;
}

int pictures_jpeg_decode(const uint8_t *bytes, size_t count, uint8_t *pixels, size_t pixel_count, char *message) {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_progress_mgr progress = {.progress_monitor = fail_on_many_scans};
    Failure failure;
    start(&jpeg, &failure, message);
    if (setjmp(failure.landing)) {
        jpeg_destroy_decompress(&jpeg);
        return 0;
    }
    jpeg_create_decompress(&jpeg);
    jpeg.progress = &progress;
    jpeg_mem_src(&jpeg, bytes, count);
    jpeg_read_header(&jpeg, TRUE);
    jpeg.out_color_space = jpeg.num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_start_decompress(&jpeg);
    size_t row_bytes = (size_t)jpeg.output_width * (size_t)jpeg.output_components;
    if (row_bytes * jpeg.output_height != pixel_count) {
        snprintf(message, PICTURES_MESSAGE_SIZE, "the size differs from the header's");
        jpeg_destroy_decompress(&jpeg);
        return 0;
    }
    while (jpeg.output_scanline < jpeg.output_height) {
        JSAMPROW row = pixels + jpeg.output_scanline * row_bytes;
        jpeg_read_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_decompress(&jpeg);
    jpeg_destroy_decompress(&jpeg);
    return 1;
}
