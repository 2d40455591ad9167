// The inner loops of statistics and comparisons of tensors.
//
// Every function is pure. All instruction sets give the same bits: products and sums are separate
// roundings, and each sum has RSO_LANES partial sums, added in a fixed order.
#ifndef TENSOR_ANALYSIS_H
#define TENSOR_ANALYSIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The most elements of a block.
#define RSO_BLOCK 2048
// Bins of a histogram of positive numbers: bin i counts x from 10^(i - 24) to less than 10^(i - 23). The first bin also
// counts smaller values and the last one larger values.
#define RSO_DECADES 48

// The element types. Elements are little-endian and need no alignment.
typedef enum {
  RSO_BOOL,  // any byte but 0 is 1
  RSO_U8,
  RSO_I8,
  RSO_U16,
  RSO_I16,
  RSO_U32,
  RSO_I32,
  RSO_U64,  // rounded to 53 bits
  RSO_I64,
  RSO_F8_E4M3,  // no infinities; 0x7f and 0xff are NaN
  RSO_F8_E5M2,
  RSO_F8_E8M0,  // 2^(x - 127); 0xff is NaN
  RSO_F8_E4M3_FNUZ,  // 0x80 is NaN, the only special value
  RSO_F8_E5M2_FNUZ,
  RSO_F16,
  RSO_BF16,
  RSO_F32,
  RSO_F64,
  RSO_C32,  // two f16; the value is the magnitude
  RSO_C64,
  RSO_C128,
} rso_element;

// Figures of a block. Mean, spread, squares and extremes are those of the finite elements; the extremes
// of no elements are infinity and -infinity.
typedef struct {
  size_t finite, nans, infinities, zeros;
  double mean;
  // The sum of (x - mean)^2.
  double spread;
  // The sum of x^2.
  double squares;
  double minimum, maximum;
} rso_statistics;

// Figures of two blocks of the same size. The sums, `largest` and `flips` are those of pairs of finite
// elements.
typedef struct {
  // Pairs that differ by more than the tolerance. Two NaN are equal.
  size_t changed;
  // Pairs of finite elements.
  size_t pairs;
  // Changed pairs with an element that is not finite.
  size_t not_finite;
  // Changed pairs whose elements have opposite signs.
  size_t flips;
  // The sums of a^2, b^2, a b, and (b - a)^2 of changed pairs.
  double first_squares, second_squares, products, difference_squares;
  // The largest |b - a| of changed pairs.
  double largest;
} rso_comparison;

// Converts `count` elements. NaN and infinities stay what they are.
void rso_convert(rso_element type, const void *restrict bytes, size_t count, double *restrict out);

// `values` has at most RSO_BLOCK elements and is overwritten.
void rso_describe(double *values, size_t count, rso_statistics *restrict out);

// The arrays have at most RSO_BLOCK elements. Elements are equal if
// |a - b| <= absolute + relative * max(|a|, |b|). Afterwards the first `pairs` elements of `a` are |b - a|
// of the pairs of finite elements, 0 where they are equal; `b` is overwritten.
void rso_compare(
    double *restrict a, double *restrict b, size_t count, double relative, double absolute,
    rso_comparison *restrict out);

// Adds positive numbers to a histogram; zeros are left out. `values` has room for RSO_BLOCK elements, and
// those after `count` are overwritten. No number is larger than `largest`.
void rso_count_decades(
    double *values, size_t count, double largest, uint64_t histogram[RSO_DECADES]);

// The same functions for one instruction set, for tests. Index 0 is the one that is used; the
// result is null after the last one that this processor has.
typedef struct {
  const char *name;
  void (*convert)(rso_element, const void *restrict, size_t, double *restrict);
  void (*describe)(double *, size_t, rso_statistics *restrict);
  void (*compare)(
      double *restrict, double *restrict, size_t, double, double, rso_comparison *restrict);
  void (*count_decades)(double *, size_t, double, uint64_t[RSO_DECADES]);
} rso_analysis;

const rso_analysis *rso_analysis_at(size_t index);

#endif
