// Part of body.h: the primitives of the kernels, for two compilers. All else is one text for both.
//
// In C, a vector is one of the compiler's vector types (`vector_size`) and holds LANES floats.
//
// In OpenCL C 1.2, a vector is a float: one work-item has one lane, and a work-group of LANES
// work-items has a whole vector. LANES is then the distance in memory between two values of a lane.
// A mask is 0 or not 0.

#define GLOBAL RSO_GLOBAL

#if defined(__OPENCL_C_VERSION__)

#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#pragma OPENCL FP_CONTRACT OFF

typedef uchar uint8_t;
typedef int int32_t;
typedef float vec;
typedef int ivec;

#define INLINE static inline __attribute__((always_inline))
#define NO_INLINE static
#define PREFETCH(address, writes, locality)
#define HIDE(pointer)
#define NOT_A_NUMBER NAN
#define INFINITE INFINITY

INLINE vec load(GLOBAL const float *p) { return *p; }
INLINE ivec load_integers(GLOBAL const int32_t *p) { return *p; }
INLINE void store(GLOBAL float *p, vec v) { *p = v; }
INLINE vec splat(float x) { return x; }
INLINE ivec splat_integer(int32_t x) { return x; }
INLINE vec gather(GLOBAL const float *table, ivec index) { return table[index]; }
INLINE ivec bits(vec x) { return as_int(x); }
INLINE vec from_bits(ivec x) { return as_float(x); }
INLINE ivec to_integer(vec x) { return (int)x; }
INLINE vec from_integer(ivec x) { return (float)x; }
INLINE vec fma_(vec a, vec b, vec c) { return fma(a, b, c); }
// The sum with -0 leaves every product as it is. A compiler cannot fuse it with another sum.
INLINE vec multiply(vec a, vec b) { return fma(a, b, -0.0f); }
INLINE vec square_root(vec x) { return sqrt(x); }
INLINE vec choose(ivec mask, vec a, vec b) { return mask ? a : b; }
INLINE ivec choose_integer(ivec mask, ivec a, ivec b) { return mask ? a : b; }
INLINE ivec inverse(ivec mask) { return !mask; }

// The lanes that one run of the text has: pointers to vectors are those of the work-item's lane.
#define OWN_LANES 1

// The values of this work-item's sample, LANES apart from one quantity to the next. The group adds them up
// at its end.
typedef GLOBAL float *slots;

INLINE slots quantity(slots first, size_t index) { return first + index * LANES; }

INLINE void accumulate(vec v, size_t valid, size_t slot, slots sums) { *sums = v; }

#else

#pragma clang fp contract(off)
// Vectors pass between inlined functions only, so their calling convention does not matter.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float vec __attribute__((vector_size(4 * LANES), aligned(4 * LANES), may_alias));
typedef int32_t ivec __attribute__((vector_size(4 * LANES), aligned(4 * LANES), may_alias));

#define INLINE static inline __attribute__((always_inline))
#define NO_INLINE static __attribute__((noinline))
// Fetches memory ahead of its use.
#define PREFETCH(address, writes, locality) __builtin_prefetch(address, writes, locality)
// Hides from the compiler what a pointer points to.
#define HIDE(pointer) __asm__("" : "+r"(pointer))
#define NOT_A_NUMBER __builtin_nanf("")
#define INFINITE __builtin_inff()

INLINE vec load(const float *p) { return *(const vec *)p; }
INLINE ivec load_integers(const int32_t *p) { return *(const ivec *)p; }
INLINE void store(float *p, vec v) { *(vec *)p = v; }
INLINE vec splat(float x) { return x - (vec){}; }
INLINE ivec splat_integer(int32_t x) { return x - (ivec){}; }
// Returns table[index] for each lane.
INLINE vec gather(const float *table, ivec index) {
  vec result;
  for (size_t lane = 0; lane < LANES; lane++) result[lane] = table[index[lane]];
  return result;
}
INLINE ivec bits(vec x) { return (ivec)x; }
INLINE vec from_bits(ivec x) { return (vec)x; }
// Rounds towards zero.
INLINE ivec to_integer(vec x) { return __builtin_convertvector(x, ivec); }
INLINE vec from_integer(ivec x) { return __builtin_convertvector(x, vec); }
#if defined(SOFTWARE_FMA)
// Returns a * b + c rounded once, without the instruction. The product is exact in double. The sum
// is rounded to odd in double: if it is inexact, a step towards the rounding error sets its last
// bit. The second rounding, to float, then meets no false tie (Boldo and Melquiond, "When double
// rounding is odd", 2005).
typedef double wide __attribute__((vector_size(8 * LANES)));
typedef int64_t iwide __attribute__((vector_size(8 * LANES)));
// It is not inlined: inlined, these 30 instructions a vector make this table 1 MB instead of 0.35 MB,
// for a sixth of its time.
static __attribute__((noinline)) vec fma_(vec a, vec b, vec c) {
  const wide product = __builtin_convertvector(a, wide) * __builtin_convertvector(b, wide);
  const wide addend = __builtin_convertvector(c, wide);
  const wide sum = product + addend;
  const wide back = sum - product;
  const wide error = (product - (sum - back)) + (addend - back);
  const iwide word = (iwide)sum;
  const iwide inexact = (error > 0) | (error < 0);  // false for a NaN
  const iwide even = (word & 1) - 1;
  const iwide inward = (error > 0) ^ (sum > 0);  // all ones: the exact sum is nearer to zero
  return __builtin_convertvector((wide)(word + ((inward | 1) & inexact & even)), vec);
}
#else
INLINE vec fma_(vec a, vec b, vec c) { return __builtin_elementwise_fma(a, b, c); }
#endif
// Returns a * b, rounded, also where a sum follows.
INLINE vec multiply(vec a, vec b) { return a * b; }
INLINE vec square_root(vec x) { return __builtin_elementwise_sqrt(x); }
// Returns mask ? a : b for each lane. A lane of the mask is all ones or all zeros.
INLINE vec choose(ivec mask, vec a, vec b) {
  return (vec)(((ivec)a & mask) | ((ivec)b & ~mask));
}
INLINE ivec choose_integer(ivec mask, ivec a, ivec b) { return (a & mask) | (b & ~mask); }
INLINE ivec inverse(ivec mask) { return ~mask; }

#define OWN_LANES LANES

// The double slots of a quantity.
typedef double *slots;

// Returns the slots of the quantity that is `index` places after the first.
INLINE slots quantity(slots first, size_t index) { return first + index * RSO_FOLD; }

// Adds each lane of a vector to the double slot of its sample.
INLINE void accumulate(vec v, size_t valid, size_t slot, slots sums) {
  float lane[LANES] __attribute__((aligned(4 * LANES)));
  store(lane, v);
  if (valid == LANES && LANES % RSO_FOLD == 0) {
    // A whole vector begins at slot 0: the same sums in the same order, without the remainder.
    for (size_t i = 0; i < LANES; i += RSO_FOLD)
      for (size_t k = 0; k < RSO_FOLD; k++) sums[k] += lane[i + k];
    return;
  }
  for (size_t i = 0; i < valid; i++) sums[(slot + i) % RSO_FOLD] += lane[i];
}

#endif
