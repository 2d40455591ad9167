#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>
// After jpeglib.h, which it needs.
#include <jerror.h>

#include "pictures.h"

// libjpeg's state, and what must survive a longjmp.
struct reader {
  struct rso_picture *picture;
  struct jpeg_decompress_struct jpeg;
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  uint8_t *row;
  jmp_buf failed;
};

static void on_error(j_common_ptr jpeg) {
  struct reader *reader = jpeg->client_data;
  char message[JMSG_LENGTH_MAX];
  jpeg->err->format_message(jpeg, message);
  fail_picture(reader->picture, message);
  longjmp(reader->failed, 1);
}

// A warning (a level below 0) means damaged data, for which libjpeg would make pixels up. Only bytes too
// many between two segments do no harm; some cameras write them.
static void on_message(j_common_ptr jpeg, int level) {
  if (level < 0 && jpeg->err->msg_code != JWRN_EXTRANEOUS_DATA) on_error(jpeg);
}

// A progressive picture is stored in scans, typically 10; a hostile one has thousands, each of which takes
// time for the whole picture.
enum { MOST_SCANS = 100 };

static void on_progress(j_common_ptr jpeg) {
  struct reader *reader = jpeg->client_data;
  if (reader->jpeg.input_scan_number <= MOST_SCANS) return;
  fail_picture(reader->picture, "it has more scans than are read");
  longjmp(reader->failed, 1);
}

// Everything that libjpeg may leave by longjmp.
static void read_picture(struct reader *reader, const uint8_t *file, size_t size, size_t most) {
  struct rso_picture *picture = reader->picture;
  struct jpeg_decompress_struct *jpeg = &reader->jpeg;
  jpeg_mem_src(jpeg, file, size);
  jpeg_read_header(jpeg, TRUE);
  if (jpeg->num_components != 1 && jpeg->num_components != 3) {
    fail_picture(picture, "it has neither grey nor red, green and blue (CMYK?)");
    longjmp(reader->failed, 1);
  }
  jpeg->out_color_space = jpeg->num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
  picture->width = jpeg->image_width;
  picture->height = jpeg->image_height;
  picture->channels = jpeg->num_components == 1 ? 1 : 3;
  if (allocate_picture(picture, most) != 0) longjmp(reader->failed, 1);
  reader->row = calloc(picture->width, picture->channels);
  if (reader->row == NULL) {
    fail_picture(picture, "it needs too much memory");
    longjmp(reader->failed, 1);
  }
  jpeg_start_decompress(jpeg);
  while (jpeg->output_scanline < jpeg->output_height) {
    const uint32_t row = jpeg->output_scanline;
    JSAMPROW rows[1] = {reader->row};
    if (jpeg_read_scanlines(jpeg, rows, 1) == 1) store_row(picture, row, reader->row);
  }
  jpeg_finish_decompress(jpeg);
}

int decode_jpeg(const uint8_t *file, size_t size, size_t most, struct rso_picture *picture) {
  struct reader reader = {.picture = picture};
  reader.jpeg.err = jpeg_std_error(&reader.errors);
  reader.errors.error_exit = on_error;
  reader.errors.emit_message = on_message;
  reader.jpeg.client_data = &reader;
  // Nothing that is used after a longjmp is a local variable: `reader` is changed through pointers.
  struct reader *volatile kept = &reader;
  if (setjmp(reader.failed) == 0) {
    jpeg_create_decompress(&reader.jpeg);
    reader.progress.progress_monitor = on_progress;
    reader.jpeg.progress = &reader.progress;
    read_picture(&reader, file, size, most);
  }
  jpeg_destroy_decompress(&kept->jpeg);
  free(kept->row);
  return picture->message[0] == 0 ? 0 : -1;
}

// A program carries the library that it was built with.
#define TEXT(tokens) #tokens
#define EXPANDED_TEXT(macro) TEXT(macro)

const char *rso_jpeg_version(void) { return EXPANDED_TEXT(LIBJPEG_TURBO_VERSION); }
