// The functions of one instruction set. The including file defines TABLE and TABLE_NAME.
#include <string.h>

#include "include/tensor_analysis.h"
#include "scalars.h"

#define RSO_LANES 16

#define VECTOR(TYPE) TYPE __attribute__((vector_size(sizeof(TYPE) * RSO_LANES)))
typedef VECTOR(double) doubles;
typedef VECTOR(int64_t) masks;
typedef VECTOR(float) floats;
typedef VECTOR(uint32_t) words;
typedef VECTOR(uint16_t) halves;
typedef VECTOR(uint8_t) bytes;

#pragma clang fp contract(off)

// Returns the first value where the mask is set, and the second one elsewhere.
#define chosen(mask, first, second) \
  ((doubles)(((masks)(first) & (mask)) | ((masks)(second) & ~(mask))))

static double sum_of(const doubles *v) {
  double s[RSO_LANES];
  memcpy(s, v, sizeof s);
  for (size_t width = RSO_LANES / 2; width > 0; width /= 2)
    for (size_t i = 0; i < width; i++) s[i] += s[i + width];
  return s[0];
}

static size_t count_of(const masks *v) {
  int64_t s[RSO_LANES];
  memcpy(s, v, sizeof s);
  int64_t sum = 0;
  for (size_t i = 0; i < RSO_LANES; i++) sum -= s[i];
  return (size_t)sum;
}

static double greatest_of(const doubles *v) {
  double s[RSO_LANES];
  memcpy(s, v, sizeof s);
  double greatest = s[0];
  for (size_t i = 1; i < RSO_LANES; i++) greatest = s[i] > greatest ? s[i] : greatest;
  return greatest;
}

static double least_of(const doubles *v) {
  double s[RSO_LANES];
  memcpy(s, v, sizeof s);
  double least = s[0];
  for (size_t i = 1; i < RSO_LANES; i++) least = s[i] < least ? s[i] : least;
  return least;
}

// MARK: Conversion

// Converts vector by vector. The last one is filled up with zeros.
#define CONVERT(TYPE, FUNCTION)                                                     \
  do {                                                                              \
    typedef TYPE vector;                                                            \
    const size_t size = sizeof(vector) / RSO_LANES;                                 \
    const char *start = source;                                                     \
    for (size_t i = 0; i < count; i += RSO_LANES) {                                 \
      vector x = {0};                                                               \
      doubles y;                                                                    \
      if (i + RSO_LANES <= count) {                                                 \
        memcpy(&x, start + i * size, sizeof x);                                     \
        FUNCTION(&x, &y);                                                           \
        memcpy(out + i, &y, sizeof y);                                              \
      } else {                                                                      \
        memcpy(&x, start + i * size, (count - i) * size);                           \
        FUNCTION(&x, &y);                                                           \
        memcpy(out + i, &y, (count - i) * sizeof(double));                          \
      }                                                                             \
    }                                                                               \
  } while (0)

#define WIDEN(X, Y) *(Y) = __builtin_convertvector(*(X), doubles)

// Widens the exponent. Subnormal numbers are whole multiples of 2^-24.
static inline void convert_f16(const halves *restrict source, doubles *restrict out) {
  const words h = __builtin_convertvector(*source, words);
  const words magnitude = h & 0x7fff, exponent = h & 0x7c00;
  const words normal = (magnitude << 13) + (112u << 23);
  const words special = (magnitude << 13) + (224u << 23);
  const words small = (words)(__builtin_convertvector(magnitude, floats) * 0x1p-24f);
  const words is_small = (words)(exponent == 0), is_special = (words)(exponent == 0x7c00);
  const words value =
      (small & is_small) | (special & is_special) | (normal & ~(is_small | is_special));
  *out = __builtin_convertvector((floats)(value | (h & 0x8000) << 16), doubles);
}

static inline void convert_bf16(const halves *restrict source, doubles *restrict out) {
  *out = __builtin_convertvector((floats)(__builtin_convertvector(*source, words) << 16), doubles);
}

// OCP 8-bit Floating Point Specification (OFP8), revision 1.0. E5M2 is the upper byte of an f16.
static inline void convert_e5m2(const bytes *restrict source, doubles *restrict out) {
  const halves h = __builtin_convertvector(*source, halves) << 8;
  convert_f16(&h, out);
}

// Numbers of 8 bits with `digits` bits after the point. All patterns but zero exponents are ordinary
// numbers.
static inline void convert_small(
    const bytes *restrict source, uint32_t digits, uint32_t bias, doubles *restrict out) {
  const words x = __builtin_convertvector(*source, words);
  const words magnitude = x & 0x7f, exponent = magnitude >> digits;
  const words normal = (magnitude << (23 - digits)) + ((127 - bias) << 23);
  // The last digit of subnormal numbers: 2^(1 - bias - digits).
  const words unit = (words){0} + ((128 - bias - digits) << 23);
  const words small = (words)(__builtin_convertvector(magnitude, floats) * (floats)unit);
  const words is_small = (words)(exponent == 0);
  const words value = (small & is_small) | (normal & ~is_small);
  *out = __builtin_convertvector((floats)(value | (x & 0x80) << 24), doubles);
}

// Puts NaN where the pattern of 8 bits, without the bits of `ignored`, is `pattern`.
static inline void mark_nan(
    const bytes *restrict source, uint8_t ignored, uint8_t pattern, doubles *restrict out) {
  const masks x = __builtin_convertvector(*source & (uint8_t)~ignored, masks);
  *out = (doubles)((masks)*out | ((x == pattern) & 0x7ff8000000000000));
}

static inline void convert_e4m3(const bytes *restrict source, doubles *restrict out) {
  convert_small(source, 3, 7, out);
  mark_nan(source, 0x80, 0x7f, out);
}

// arXiv 2206.02915: another bias, one NaN and no negative zero.
static inline void convert_e4m3_fnuz(const bytes *restrict source, doubles *restrict out) {
  convert_small(source, 3, 8, out);
  mark_nan(source, 0, 0x80, out);
}

static inline void convert_e5m2_fnuz(const bytes *restrict source, doubles *restrict out) {
  convert_small(source, 2, 16, out);
  mark_nan(source, 0, 0x80, out);
}

// The scale of OCP Microscaling Formats (MX), version 1.0: the exponent of an f32.
static inline void convert_e8m0(const bytes *restrict source, doubles *restrict out) {
  *out = (doubles)((__builtin_convertvector(*source, masks) - 127 + 1023) << 52);
  mark_nan(source, 0, 0xff, out);
}

static inline void convert_bool(const bytes *restrict source, doubles *restrict out) {
  const masks x = __builtin_convertvector(*source, masks);
  *out = __builtin_convertvector((x != 0) & 1, doubles);
}

static void convert(
    rso_element type, const void *restrict source, size_t count, double *restrict out) {
  switch (type) {
    case RSO_BOOL: CONVERT(bytes, convert_bool); break;
    case RSO_U8: CONVERT(bytes, WIDEN); break;
    case RSO_I8: CONVERT(VECTOR(int8_t), WIDEN); break;
    case RSO_U16: CONVERT(halves, WIDEN); break;
    case RSO_I16: CONVERT(VECTOR(int16_t), WIDEN); break;
    case RSO_U32: CONVERT(words, WIDEN); break;
    case RSO_I32: CONVERT(VECTOR(int32_t), WIDEN); break;
    case RSO_U64: CONVERT(VECTOR(uint64_t), WIDEN); break;
    case RSO_I64: CONVERT(masks, WIDEN); break;
    case RSO_F8_E4M3: CONVERT(bytes, convert_e4m3); break;
    case RSO_F8_E5M2: CONVERT(bytes, convert_e5m2); break;
    case RSO_F8_E8M0: CONVERT(bytes, convert_e8m0); break;
    case RSO_F8_E4M3_FNUZ: CONVERT(bytes, convert_e4m3_fnuz); break;
    case RSO_F8_E5M2_FNUZ: CONVERT(bytes, convert_e5m2_fnuz); break;
    case RSO_F16: CONVERT(halves, convert_f16); break;
    case RSO_BF16: CONVERT(halves, convert_bf16); break;
    case RSO_F32: CONVERT(floats, WIDEN); break;
    case RSO_F64: memcpy(out, source, count * sizeof *out); break;
    case RSO_C32: rso_convert_c32(source, count, out); break;
    case RSO_C64: rso_convert_c64(source, count, out); break;
    case RSO_C128: rso_convert_c128(source, count, out); break;
  }
}

// MARK: Statistics

// Moves the finite elements to the front, and counts the others.
static size_t keep_finite(double *values, size_t count, rso_statistics *restrict out) {
  size_t kept = 0;
  for (size_t i = 0; i < count; i++) {
    const double x = values[i];
    if (x != x) {
      out->nans++;
    } else if (x - x != 0) {
      out->infinities++;
    } else {
      values[kept++] = x;
    }
  }
  return kept;
}

static bool all_finite(const double *values, size_t count) {
  doubles probe = {0};
  size_t i = 0;
  for (; i + RSO_LANES <= count; i += RSO_LANES) {
    doubles x;
    memcpy(&x, values + i, sizeof x);
    probe += x - x;
  }
  double rest = 0;
  for (; i < count; i++) rest += values[i] - values[i];
  const double sum = sum_of(&probe) + rest;
  return sum == sum;
}

static void describe(double *values, size_t count, rso_statistics *restrict out) {
  memset(out, 0, sizeof *out);
  if (!all_finite(values, count)) count = keep_finite(values, count, out);
  out->finite = count;
  out->minimum = __builtin_inf();
  out->maximum = -__builtin_inf();
  if (count == 0) return;
  doubles sum = {0}, squares = {0};
  // Repeats of the first element change no extreme.
  doubles least = values[0] - (doubles){0}, greatest = least;
  masks zeros = {0};
  const size_t whole = count / RSO_LANES * RSO_LANES;
  for (size_t i = 0; i < whole; i += RSO_LANES) {
    doubles x;
    memcpy(&x, values + i, sizeof x);
    sum += x;
    squares += x * x;
    least = chosen(x < least, x, least);
    greatest = chosen(x > greatest, x, greatest);
    zeros += x == 0;
  }
  double total = sum_of(&sum), power = sum_of(&squares);
  double minimum = least_of(&least), maximum = greatest_of(&greatest);
  size_t empty = count_of(&zeros);
  for (size_t i = whole; i < count; i++) {
    const double x = values[i];
    total += x;
    power += x * x;
    minimum = x < minimum ? x : minimum;
    maximum = x > maximum ? x : maximum;
    empty += x == 0;
  }
  // Of many equal elements, the rounded mean is one of them.
  const double mean = minimum == maximum ? minimum : total / (double)count;
  doubles spreads = {0};
  for (size_t i = 0; i < whole; i += RSO_LANES) {
    doubles x;
    memcpy(&x, values + i, sizeof x);
    const doubles d = x - mean;
    spreads += d * d;
  }
  double spread = sum_of(&spreads);
  for (size_t i = whole; i < count; i++) spread += (values[i] - mean) * (values[i] - mean);
  out->mean = mean;
  out->spread = spread;
  out->squares = power;
  out->minimum = minimum;
  out->maximum = maximum;
  out->zeros = empty;
}

// MARK: Comparison

// Moves the pairs of finite elements to the front, and counts those of the others that are not equal.
static size_t keep_finite_pairs(
    double *restrict a, double *restrict b, size_t count, rso_comparison *restrict out) {
  size_t kept = 0;
  for (size_t i = 0; i < count; i++) {
    const double x = a[i], y = b[i];
    if (x - x == 0 && y - y == 0) {
      a[kept] = x;
      b[kept++] = y;
    } else if (!(x == y || (x != x && y != y))) {
      out->not_finite++;
    }
  }
  return kept;
}

static void compare(
    double *restrict a, double *restrict b, size_t count, double relative, double absolute,
    rso_comparison *restrict out) {
  memset(out, 0, sizeof *out);
  if (!all_finite(a, count) || !all_finite(b, count)) count = keep_finite_pairs(a, b, count, out);
  doubles first = {0}, second = {0}, products = {0}, differences = {0}, largest = {0};
  masks changed = {0}, flips = {0};
  for (size_t i = 0; i < count; i += RSO_LANES) {
    doubles x = {0}, y = {0};
    if (i + RSO_LANES <= count) {
      memcpy(&x, a + i, sizeof x);
      memcpy(&y, b + i, sizeof y);
    } else {
      memcpy(&x, a + i, (count - i) * sizeof(double));
      memcpy(&y, b + i, (count - i) * sizeof(double));
    }
    const doubles product = x * y;
    first += x * x;
    second += y * y;
    products += product;
    const doubles d = y - x;
    const doubles distance = (doubles)((masks)d & INT64_MAX);
    const doubles one = (doubles)((masks)x & INT64_MAX), other = (doubles)((masks)y & INT64_MAX);
    const doubles size = chosen(one > other, one, other);
    const masks is_changed = distance > absolute + relative * size;
    const doubles change = (doubles)((masks)distance & is_changed);
    differences += change * change;
    largest = chosen(change > largest, change, largest);
    changed += is_changed;
    flips += is_changed & (product < 0);
    memcpy(a + i, &change, (i + RSO_LANES <= count ? RSO_LANES : count - i) * sizeof(double));
  }
  out->first_squares = sum_of(&first);
  out->second_squares = sum_of(&second);
  out->products = sum_of(&products);
  out->difference_squares = sum_of(&differences);
  out->largest = greatest_of(&largest);
  out->changed = count_of(&changed) + out->not_finite;
  out->flips = count_of(&flips);
  out->pairs = count;
}

// MARK: Histogram

// Counts the numbers from `least` on. The array is filled up with zeros to whole vectors.
static size_t count_from(const double *values, size_t count, double least) {
  masks found = {0};
  for (size_t i = 0; i < count; i += RSO_LANES) {
    doubles x;
    memcpy(&x, values + i, sizeof x);
    found += x >= least;
  }
  return count_of(&found);
}

// Numbers of a block span few decades: it is read once for each of them, from the largest down.
static void count_decades(
    double *values, size_t count, double largest, uint64_t histogram[RSO_DECADES]) {
  while (count % RSO_LANES != 0) values[count++] = 0;
  const size_t all = count_from(values, count, __DBL_DENORM_MIN__);
  size_t counted = 0, bin = RSO_DECADES - 1;
  while (bin > 0 && rso_decades[bin] > largest) bin--;
  for (; bin > 0 && counted < all; bin--) {
    const size_t found = count_from(values, count, rso_decades[bin]);
    histogram[bin] += found - counted;
    counted = found;
  }
  histogram[0] += all - counted;
}

const rso_analysis TABLE = {TABLE_NAME, convert, describe, compare, count_decades};
