// PNG and JPEG pictures as bytes, by libpng and libjpeg-turbo. Both report errors by longjmp, which Swift
// cannot call.
#ifndef RSO_PICTURES_H
#define RSO_PICTURES_H

#include <stddef.h>
#include <stdint.h>

// The parts of a picture that were left out.
enum {
  RSO_PICTURE_ALPHA_DROPPED = 1,
  // 16 bits per channel were reduced to the upper 8.
  RSO_PICTURE_DEPTH_REDUCED = 2,
};

struct rso_picture {
  uint32_t width, height;
  // 1 is grey; 3 is red, green, blue.
  uint32_t channels;
  uint32_t remarks;
  // Shape: channels x height x width. Free it with rso_picture_free.
  uint8_t *bytes;
  // The reason why the file cannot be read; empty if it was.
  char message[160];
};

// Decodes a file of either kind, recognised by its first bytes. Returns 0, or -1 with a message. A picture
// with more than `most` bytes is not read.
int rso_picture_decode(const uint8_t *file, size_t size, size_t most, struct rso_picture *picture);

// Decodes a small picture of each kind, so that what the libraries find out about the processor, and what the
// system loads, is there for the copies of this process. Returns 0, or -1 if a library does not work.
int rso_picture_prepare(void);

void rso_picture_free(struct rso_picture *picture);

// The versions of the libraries: `1.6.39`.
const char *rso_png_version(void);
const char *rso_jpeg_version(void);

#endif
