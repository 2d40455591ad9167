#include "scalars.h"

#include <math.h>
#include <string.h>

static double from_f16(uint16_t h) {
  const int exponent = h >> 10 & 0x1f, fraction = h & 0x3ff;
  if (exponent == 0x1f) return fraction ? __builtin_nan("") : __builtin_inf();
  return exponent == 0 ? ldexp(fraction, -24) : ldexp(0x400 + fraction, exponent - 25);
}

void rso_convert_c32(const void *restrict bytes, size_t count, double *restrict out) {
#pragma clang fp contract(off)
  const char *source = bytes;
  for (size_t i = 0; i < count; i++) {
    uint16_t x[2];
    memcpy(x, source + i * sizeof x, sizeof x);
    const double a = from_f16(x[0]), b = from_f16(x[1]);
    out[i] = sqrt(a * a + b * b);
  }
}

void rso_convert_c64(const void *restrict bytes, size_t count, double *restrict out) {
#pragma clang fp contract(off)
  const char *source = bytes;
  for (size_t i = 0; i < count; i++) {
    float x[2];
    memcpy(x, source + i * sizeof x, sizeof x);
    out[i] = sqrt((double)x[0] * x[0] + (double)x[1] * x[1]);
  }
}

void rso_convert_c128(const void *restrict bytes, size_t count, double *restrict out) {
  const char *source = bytes;
  for (size_t i = 0; i < count; i++) {
    double x[2];
    memcpy(x, source + i * sizeof x, sizeof x);
    // hypot has an answer for an infinity beside a NaN.
    out[i] = x[0] != x[0] || x[1] != x[1] ? __builtin_nan("") : hypot(x[0], x[1]);
  }
}

const double rso_decades[RSO_DECADES] = {
    1e-24, 1e-23, 1e-22, 1e-21, 1e-20, 1e-19, 1e-18, 1e-17, 1e-16, 1e-15, 1e-14, 1e-13,
    1e-12, 1e-11, 1e-10, 1e-9,  1e-8,  1e-7,  1e-6,  1e-5,  1e-4,  1e-3,  1e-2,  1e-1,
    1e0,   1e1,   1e2,   1e3,   1e4,   1e5,   1e6,   1e7,   1e8,   1e9,   1e10,  1e11,
    1e12,  1e13,  1e14,  1e15,  1e16,  1e17,  1e18,  1e19,  1e20,  1e21,  1e22,  1e23};
