#include "pictures.h"
#include "samples.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int fail_picture(struct rso_picture *picture, const char *message) {
  snprintf(picture->message, sizeof picture->message, "%s", message);
  return -1;
}

int allocate_picture(struct rso_picture *picture, size_t most) {
  // The dimensions have at most 31 bits each, and there are at most 3 channels.
  const uint64_t area = (uint64_t)picture->width * picture->height;
  if (area == 0) return fail_picture(picture, "it has no pixels");
  if (area > most / picture->channels) {
    snprintf(
        picture->message, sizeof picture->message, "it has %u x %u pixels, more than are read",
        picture->width, picture->height);
    return -1;
  }
  picture->bytes = calloc(picture->channels, (size_t)area);
  return picture->bytes != NULL ? 0 : fail_picture(picture, "it needs too much memory");
}

void store_row(struct rso_picture *picture, uint32_t row, const uint8_t *pixels) {
  const size_t area = (size_t)picture->width * picture->height;
  const uint32_t channels = picture->channels;
  for (uint32_t channel = 0; channel < channels; channel++) {
    uint8_t *plane = picture->bytes + channel * area + (size_t)row * picture->width;
    for (uint32_t x = 0; x < picture->width; x++) plane[x] = pixels[x * channels + channel];
  }
}

int rso_picture_decode(
    const uint8_t *file, size_t size, size_t most, struct rso_picture *picture) {
  static const uint8_t png[8] = {0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A};
  static const uint8_t jpeg[3] = {0xFF, 0xD8, 0xFF};
  memset(picture, 0, sizeof *picture);
  int status;
  if (size >= sizeof png && memcmp(file, png, sizeof png) == 0)
    status = decode_png(file, size, most, picture);
  else if (size >= sizeof jpeg && memcmp(file, jpeg, sizeof jpeg) == 0)
    status = decode_jpeg(file, size, most, picture);
  else
    status = fail_picture(picture, "it is neither a PNG nor a JPEG file");
  if (status != 0) rso_picture_free(picture);
  return status;
}

void rso_picture_free(struct rso_picture *picture) {
  free(picture->bytes);
  picture->bytes = NULL;
}

int rso_picture_prepare(void) {
  struct rso_picture picture;
  const int png = rso_picture_decode(sample_png, sizeof sample_png, 3, &picture);
  rso_picture_free(&picture);
  const int jpeg = rso_picture_decode(sample_jpeg, sizeof sample_jpeg, 3, &picture);
  rso_picture_free(&picture);
  return png == 0 && jpeg == 0 ? 0 : -1;
}
