// Makes zlib visible to Swift; inflateInit2 is a macro, which Swift cannot import.
#ifndef CZLIB_SHIM_H
#define CZLIB_SHIM_H
#include <zlib.h>

static inline int czlib_inflateInit2(z_stream *stream, int window_bits) {
  return inflateInit2(stream, window_bits);
}

#endif
