// Declarations that both decoders use.
#ifndef PICTURES_H
#define PICTURES_H

#include "rso_pictures.h"

// Decodes a file of one kind into `picture`. Returns 0, or -1 with a message.
int decode_png(const uint8_t *file, size_t size, size_t most, struct rso_picture *picture);
int decode_jpeg(const uint8_t *file, size_t size, size_t most, struct rso_picture *picture);

// Allocates the bytes of a picture whose shape is set. Returns 0, or -1 with a message.
int allocate_picture(struct rso_picture *picture, size_t most);

// Copies a row of interleaved pixels into the planes of a picture.
void store_row(struct rso_picture *picture, uint32_t row, const uint8_t *pixels);

int fail_picture(struct rso_picture *picture, const char *message);

#endif
