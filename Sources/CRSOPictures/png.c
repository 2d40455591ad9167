#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "pictures.h"

// libpng's state, and what must survive a longjmp.
struct reader {
  struct rso_picture *picture;
  const uint8_t *file;
  size_t size, used, most;
  png_structp png;
  png_infop info;
  // All rows, interleaved: an interlaced picture is read in several passes over them.
  uint8_t *rows;
  jmp_buf failed;
};

static void on_error(png_structp png, png_const_charp message) {
  struct reader *reader = png_get_error_ptr(png);
  fail_picture(reader->picture, message);
  longjmp(reader->failed, 1);
}

static void on_warning(png_structp png, png_const_charp message) { (void)png, (void)message; }

static void read_bytes(png_structp png, png_bytep bytes, size_t count) {
  struct reader *reader = png_get_io_ptr(png);
  if (count > reader->size - reader->used) png_error(png, "the file ends early");
  memcpy(bytes, reader->file + reader->used, count);
  reader->used += count;
}

// Asks libpng for 8 bits of grey or of red, green and blue.
static void choose_form(struct reader *reader) {
  png_structp png = reader->png;
  struct rso_picture *picture = reader->picture;
  const int depth = png_get_bit_depth(png, reader->info);
  const int color = png_get_color_type(png, reader->info);
  if (depth == 16) {
    png_set_strip_16(png);
    picture->remarks |= RSO_PICTURE_DEPTH_REDUCED;
  }
  if (color == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png);
  if (color == PNG_COLOR_TYPE_GRAY && depth < 8) png_set_expand_gray_1_2_4_to_8(png);
  // Also colours of a palette get alpha, if the file says which of them are transparent.
  png_set_strip_alpha(png);
  if ((color & PNG_COLOR_MASK_ALPHA) || png_get_valid(png, reader->info, PNG_INFO_tRNS))
    picture->remarks |= RSO_PICTURE_ALPHA_DROPPED;
  picture->channels = color & PNG_COLOR_MASK_COLOR ? 3 : 1;
}

// Everything that libpng may leave by longjmp.
static void read_picture(struct reader *reader) {
  png_structp png = reader->png;
  struct rso_picture *picture = reader->picture;
  png_set_read_fn(png, reader, read_bytes);
  png_read_info(png, reader->info);
  picture->width = png_get_image_width(png, reader->info);
  picture->height = png_get_image_height(png, reader->info);
  choose_form(reader);
  const int passes = png_set_interlace_handling(png);
  png_read_update_info(png, reader->info);
  const size_t width = (size_t)picture->width * picture->channels;
  if (png_get_rowbytes(png, reader->info) != width) png_error(png, "its form is unknown");
  if (allocate_picture(picture, reader->most) != 0) longjmp(reader->failed, 1);
  reader->rows = calloc(picture->height, width);
  if (reader->rows == NULL) png_error(png, "it needs too much memory");
  for (int pass = 0; pass < passes; pass++)
    for (uint32_t row = 0; row < picture->height; row++)
      png_read_row(png, reader->rows + row * width, NULL);
  png_read_end(png, NULL);
  for (uint32_t row = 0; row < picture->height; row++)
    store_row(picture, row, reader->rows + row * width);
}

int decode_png(const uint8_t *file, size_t size, size_t most, struct rso_picture *picture) {
  struct reader reader = {.picture = picture, .file = file, .size = size, .most = most};
  reader.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reader, on_error, on_warning);
  if (reader.png == NULL) return fail_picture(picture, "it needs too much memory");
  reader.info = png_create_info_struct(reader.png);
  // Nothing that is used after a longjmp is a local variable: `reader` is changed through pointers.
  struct reader *volatile kept = &reader;
  int status = -1;
  if (reader.info == NULL) {
    fail_picture(picture, "it needs too much memory");
  } else if (setjmp(reader.failed) == 0) {
    read_picture(&reader);
    status = 0;
  }
  png_destroy_read_struct(&kept->png, &kept->info, NULL);
  free(kept->rows);
  return status == 0 && picture->message[0] == 0 ? 0 : -1;
}

const char *rso_png_version(void) { return png_get_libpng_ver(NULL); }
