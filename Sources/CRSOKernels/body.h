// The text of every kernel, compiled once per instruction set. The including file defines
//
//   LANES        floats in a vector
//   REGISTERS    how many vectors the processor keeps
//   TABLE        the name of the table
//   TABLE_NAME   its printed name
//
// and sets the target. Vectors are the compiler's own (`vector_size`), so one text serves all
// instruction sets and they cannot drift apart.

#include "include/rso_kernels.h"

#pragma clang fp contract(off)
// Vectors pass between inlined functions only, so their calling convention does not matter.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float vec __attribute__((vector_size(4 * LANES), aligned(4 * LANES), may_alias));
typedef int32_t ivec __attribute__((vector_size(4 * LANES), aligned(4 * LANES), may_alias));

#define INLINE static inline __attribute__((always_inline))

INLINE vec load(const float *p) { return *(const vec *)p; }
INLINE void store(float *p, vec v) { *(vec *)p = v; }
INLINE vec splat(float x) { return x - (vec){}; }
#if defined(SOFTWARE_FMA)
// a * b + c rounded once, without the instruction: the product is exact in double; the sum is
// rounded to odd there (when it is inexact its last bit is set, by a step towards the rounding
// error), which a second rounding, to float, cannot mistake for a tie (Boldo and Melquiond, "When
// double rounding is odd", 2005).
typedef double wide __attribute__((vector_size(8 * LANES)));
typedef int64_t iwide __attribute__((vector_size(8 * LANES)));
INLINE vec fma_(vec a, vec b, vec c) {
  const wide product = __builtin_convertvector(a, wide) * __builtin_convertvector(b, wide);
  const wide addend = __builtin_convertvector(c, wide);
  const wide sum = product + addend;
  const wide back = sum - product;
  const wide error = (product - (sum - back)) + (addend - back);
  const iwide bits = (iwide)sum;
  const iwide inexact = (error > 0) | (error < 0);  // false for a NaN
  const iwide even = (bits & 1) - 1;
  const iwide inward = (error > 0) ^ (sum > 0);  // all ones: the exact sum is nearer to zero
  return __builtin_convertvector((wide)(bits + ((inward | 1) & inexact & even)), vec);
}
#else
INLINE vec fma_(vec a, vec b, vec c) { return __builtin_elementwise_fma(a, b, c); }
#endif
// Lane by lane: mask ? a : b, the mask all ones or all zeros.
INLINE vec choose(ivec mask, vec a, vec b) {
  return (vec)(((ivec)a & mask) | ((ivec)b & ~mask));
}
// max(x, 0); a NaN passes, so that it reaches the loss.
INLINE vec rectify(vec x) { return choose(x < splat(0), splat(0), x); }

// Adds the lanes of a vector to the double slots of their samples.
INLINE void accumulate(vec v, size_t valid, size_t slot, double *slots) {
  float lane[LANES] __attribute__((aligned(4 * LANES)));
  store(lane, v);
  if (valid == LANES && LANES % RSO_FOLD == 0) {
    // A whole vector begins at slot 0: the same sums in the same order, without a remainder to take.
    for (size_t i = 0; i < LANES; i += RSO_FOLD)
      for (size_t k = 0; k < RSO_FOLD; k++) slots[k] += lane[i + k];
    return;
  }
  for (size_t i = 0; i < valid; i++) slots[(slot + i) % RSO_FOLD] += lane[i];
}

// Adds the running sums [output][z, z^2][lane] of a convolution to the slots of their samples.
static void add_moments(const float *moments, size_t outputs, size_t valid, size_t slot,
                        double *sums) {
  for (size_t i = 0; i < 2 * outputs; i++)
    accumulate(load(moments + i * LANES), valid, slot, sums + i * RSO_FOLD);
}

static void pack(const uint8_t *const *rows, size_t count, const float *values, float *out) {
  for (size_t lane = 0; lane < LANES; lane++) {
    const uint8_t *row = rows[lane];
    for (size_t i = 0; i < count; i++) out[i * LANES + lane] = values[row[i]];
  }
}

static void affine(const float *in, size_t height, size_t width, float scale, float shift,
                   bool rectified, float *out, size_t out_row_stride) {
  const vec s = splat(scale), t = splat(shift);
  for (size_t y = 0; y < height; y++, in += width * LANES, out += out_row_stride) {
    if (rectified) {
      for (size_t x = 0; x < width; x++)
        store(out + x * LANES, rectify(fma_(s, load(in + x * LANES), t)));
    } else {
      for (size_t x = 0; x < width; x++) store(out + x * LANES, fma_(s, load(in + x * LANES), t));
    }
  }
}

static void candidate(const float *in, const float *tap, float amount, float offset, size_t height,
                      size_t width, float scale, float shift, bool rectified, float *out,
                      size_t out_row_stride) {
  const vec a = splat(amount), b = splat(offset), s = splat(scale), t = splat(shift);
  for (size_t y = 0; y < height; y++) {
    for (size_t x = 0; x < width; x++) {
      const vec z = fma_(a, load(tap + x * LANES), load(in + x * LANES)) + b;
      const vec u = fma_(s, z, t);
      store(out + x * LANES, rectified ? rectify(u) : u);
    }
    in += width * LANES;
    tap += width * LANES;
    out += out_row_stride;
  }
}

static void average_pool(const float *in, size_t height, size_t width, float *out) {
  const vec quarter = splat(0.25f);
  for (size_t y = 0; y + 1 < height; y += 2) {
    const float *upper = in + y * width * LANES, *lower = upper + width * LANES;
    for (size_t x = 0; x + 1 < width; x += 2, out += LANES) {
      const vec top = load(upper + x * LANES) + load(upper + (x + 1) * LANES);
      const vec bottom = load(lower + x * LANES) + load(lower + (x + 1) * LANES);
      store(out, quarter * (top + bottom));
    }
  }
}

static void global_maximum(const float *in, size_t count, float *out) {
  vec best = load(in);
  for (size_t i = 1; i < count; i++) {
    const vec x = load(in + i * LANES);
    // Not (x <= best), so that a NaN is kept.
    best = choose(x <= best, best, x);
    best = choose(best == best, best, splat(__builtin_nanf("")));
  }
  store(out, best);
}

static void global_average(const float *in, size_t count, float *out) {
  vec sum = load(in);
  for (size_t i = 1; i < count; i++) sum += load(in + i * LANES);
  store(out, sum / splat((float)count));
}

static void box_sum(const float *map, size_t height, size_t width, float *out) {
  for (size_t y = 0; y + 1 < height; y++) {
    const float *upper = map + y * width * LANES, *lower = upper + width * LANES;
    vec left = load(upper) + load(lower);
    for (size_t x = 0; x + 1 < width; x++, out += LANES) {
      const vec right = load(upper + (x + 1) * LANES) + load(lower + (x + 1) * LANES);
      store(out, left + right);
      left = right;
    }
  }
}

// P output pixels of a row by G outputs, all in registers; S is the pixel step in vectors. The
// columns of zero padding are multiplied like the others (they add exact zeros), its rows skipped.
//
// With K, the kernel's width, known, the inputs of a row stay in registers for all its taps; with K
// zero they are read again for each tap.
INLINE void tile(const rso_convolution *a, size_t o, size_t y, size_t x, const int P, const int G,
                 const int S, const int K) {
  vec acc[G][P];
  const size_t area = a->height * a->width;
  const size_t at = y * a->width + x;
#pragma clang loop unroll(full)
  for (int g = 0; g < G; g++) {
    const vec start = splat(a->bias && !a->init ? a->bias[o + g] : 0);
#pragma clang loop unroll(full)
    for (int p = 0; p < P; p++)
      acc[g][p] = a->init ? load(a->init + ((o + g) * area + at + p) * LANES) : start;
  }
  if (a->next_init) {
#pragma clang loop unroll(full)
    for (int g = 0; g < G; g++)
#pragma clang loop unroll(full)
      for (int p = 0; p < P; p++)
        __builtin_prefetch(a->next_init + ((o + g) * area + at + p) * LANES, 0, 2);
  }
  const size_t first = y * a->row_step_count;
  const size_t ky_begin = first >= a->row_begin ? 0 : a->row_begin - first;
  const size_t ky_end =
      first + a->kernel_height <= a->row_end ? a->kernel_height : a->row_end - first;
  const float *corner = a->map + y * a->row_step + x * S * LANES;
  const float *kernel = a->weights + o * a->weight_output_stride;
  const size_t outputs = a->weight_output_stride, width = K > 0 ? K : a->kernel_width;
  for (size_t c = 0; c < a->channels; c++) {
    for (size_t ky = ky_begin; ky < ky_end; ky++) {
      const float *row = corner + c * a->channel_stride + ky * a->row_stride;
      const float *w = kernel + c * a->weight_channel_stride + ky * width;
      if (K > 0) {
        const int count = (P - 1) * S + K;
        vec in[9];
#pragma clang loop unroll(full)
        for (int i = 0; i < count; i++) in[i] = load(row + i * LANES);
#pragma clang loop unroll(full)
        for (int kx = 0; kx < K; kx++)
#pragma clang loop unroll(full)
          for (int g = 0; g < G; g++) {
            const vec weight = splat(w[g * outputs + kx]);
#pragma clang loop unroll(full)
            for (int p = 0; p < P; p++) acc[g][p] = fma_(weight, in[p * S + kx], acc[g][p]);
          }
        continue;
      }
      for (size_t kx = 0; kx < width; kx++, w++, row += LANES) {
#pragma clang loop unroll(full)
        for (int g = 0; g < G; g++) {
          // Where no register is left for an input, hide from the compiler that it is the same for
          // the next output, so that it stays in memory as an operand.
          if (P * G + G + 1 >= REGISTERS) __asm__("" : "+r"(row));
          const vec weight = splat(w[g * outputs]);
#pragma clang loop unroll(full)
          for (int p = 0; p < P; p++)
            acc[g][p] = fma_(weight, load(row + p * S * LANES), acc[g][p]);
        }
      }
    }
  }
  if (a->out) {
#pragma clang loop unroll(full)
    for (int g = 0; g < G; g++)
#pragma clang loop unroll(full)
      for (int p = 0; p < P; p++) store(a->out + ((o + g) * area + at + p) * LANES, acc[g][p]);
  }
  if (a->moments) {
    // One chain of sums an output, pixel by pixel: the order does not depend on the tiles.
#pragma clang loop unroll(full)
    for (int g = 0; g < G; g++) {
      float *moments = a->moments + 2 * (o + g) * LANES;
      vec sum = load(moments), squares = load(moments + LANES);
#pragma clang loop unroll(full)
      for (int p = 0; p < P; p++) {
        sum += acc[g][p];
        squares = fma_(acc[g][p], acc[g][p], squares);
      }
      store(moments, sum);
      store(moments + LANES, squares);
    }
  }
}

// Outputs [o, end) of P pixels: G at a time, but no lone output at the end where that can be avoided,
// for it could not keep the multipliers busy.
typedef void column(const rso_convolution *a, size_t o, size_t end, size_t y, size_t x);
#define COLUMN(P, G, S, K)                                                                 \
  static __attribute__((noinline)) void column##P##_##S##_##K(                             \
      const rso_convolution *a, size_t o, size_t end, size_t y, size_t x) {                \
    for (; end - o >= G && end - o != G + 1; o += G) tile(a, o, y, x, P, G, S, K);         \
    for (; G > 2 && end - o >= G / 2 + 1; o += G / 2 + 1)                                  \
      tile(a, o, y, x, P, G / 2 + 1, S, K);                                                \
    for (; o < end; o++) tile(a, o, y, x, P, 1, S, K);                                     \
  }
#define COLUMNS(P, G) COLUMN(P, G, 1, 0) COLUMN(P, G, 2, 0)

// As many accumulators as the registers hold beside a weight and, where they stay, the inputs.
#if REGISTERS == 32
COLUMNS(1, 8) COLUMNS(2, 8) COLUMNS(3, 8) COLUMNS(4, 4) COLUMNS(5, 4) COLUMNS(6, 4) COLUMNS(7, 4)
COLUMN(1, 8, 1, 3) COLUMN(2, 8, 1, 3) COLUMN(3, 6, 1, 3) COLUMN(4, 5, 1, 3)
COLUMN(5, 4, 1, 3) COLUMN(6, 3, 1, 3) COLUMN(7, 3, 1, 3)
COLUMN(1, 8, 2, 3) COLUMN(2, 8, 2, 3) COLUMN(3, 6, 2, 3) COLUMN(4, 5, 2, 3)
#else
COLUMNS(1, 8) COLUMNS(2, 4) COLUMNS(3, 3) COLUMNS(4, 3) COLUMNS(5, 2) COLUMNS(6, 2) COLUMNS(7, 2)
#endif

static void convolve(const rso_convolution *a) {
  static column *const columns[2][7] = {
      {column1_1_0, column2_1_0, column3_1_0, column4_1_0, column5_1_0, column6_1_0, column7_1_0},
      {column1_2_0, column2_2_0, column3_2_0, column4_2_0, column5_2_0, column6_2_0, column7_2_0}};
  column *const *widths = columns[a->pixel_step - 1];
  size_t widest = 7;
#if REGISTERS == 32
  static column *const columns3[2][7] = {
      {column1_1_3, column2_1_3, column3_1_3, column4_1_3, column5_1_3, column6_1_3, column7_1_3},
      {column1_2_3, column2_2_3, column3_2_3, column4_2_3}};
  if (a->kernel_width == 3) {
    widths = columns3[a->pixel_step - 1];
    widest = a->pixel_step == 2 ? 4 : 7;
  }
#endif
  // The row in the fewest tiles, as even as can be.
  const size_t tiles = (a->width + widest - 1) / widest;
  // The map of one channel stays in the first-level cache, so a few outputs at a time go over all of
  // it, reading and writing their planes from end to end; the maps of many do not, so all outputs of
  // a tile come together.
  const size_t part = a->channels == 1 ? 6 : a->outputs;
  for (size_t o = 0; o < a->outputs; o += part) {
    const size_t end = a->outputs - o < part ? a->outputs : o + part;
    for (size_t y = 0; y < a->height; y++) {
      size_t x = 0;
      for (size_t t = 0; t < tiles; t++) {
        const size_t next = a->width * (t + 1) / tiles;
        widths[next - x - 1](a, o, end, y, x);
        x = next;
      }
    }
  }
}

#include "winograd.h"

static void add_affine(const float *in, size_t count, float scale, float shift, float *out) {
  const vec s = splat(scale), t = splat(shift);
  for (size_t i = 0; i < count * LANES; i += LANES)
    store(out + i, load(out + i) + fma_(s, load(in + i), t));
}

static void add_tap(float *z, const rso_tap *tap, float amount) {
  const vec a = splat(amount);
  for (size_t y = 0; y < tap->height; y++) {
    const float *row = tap->map + y * tap->row_step;
    for (size_t x = 0; x < tap->width; x++, z += LANES)
      store(z, fma_(a, load(row + x * tap->pixel_step), load(z)));
  }
}

static void copy_tap(const rso_tap *tap, float *out) {
  for (size_t y = 0; y < tap->height; y++) {
    const float *row = tap->map + y * tap->row_step;
    for (size_t x = 0; x < tap->width; x++, out += LANES)
      store(out, load(row + x * tap->pixel_step));
  }
}

// Four running sums a lane (pixel i goes to sum i % 4): short chains, and one order for all.
static void moments(const float *tensor, size_t channels, size_t count, size_t valid, size_t slot,
                    double *sums) {
  for (size_t c = 0; c < channels; c++, tensor += count * LANES, sums += 2 * RSO_FOLD) {
    vec s[4] = {}, q[4] = {};
    size_t i = 0;
    for (; i + 4 <= count; i += 4) {
#pragma clang loop unroll(full)
      for (int k = 0; k < 4; k++) {
        const vec z = load(tensor + (i + k) * LANES);
        s[k] += z;
        q[k] = fma_(z, z, q[k]);
      }
    }
    for (int k = 0; i < count; i++, k++) {
      const vec z = load(tensor + i * LANES);
      s[k] += z;
      q[k] = fma_(z, z, q[k]);
    }
    accumulate((s[0] + s[1]) + (s[2] + s[3]), valid, slot, sums);
    accumulate((q[0] + q[1]) + (q[2] + q[3]), valid, slot, sums + RSO_FOLD);
  }
}

static void joint_moments(const float *z, const float *x, size_t count, size_t valid, size_t slot,
                          double *sums) {
  vec sz[2] = {}, szz[2] = {}, sx[2] = {}, sxx[2] = {}, szx[2] = {};
  for (size_t i = 0; i < count; i++) {
    const vec a = load(z + i * LANES), b = load(x + i * LANES);
    const size_t k = i % 2;
    sz[k] += a;
    szz[k] = fma_(a, a, szz[k]);
    sx[k] += b;
    sxx[k] = fma_(b, b, sxx[k]);
    szx[k] = fma_(a, b, szx[k]);
  }
  accumulate(sz[0] + sz[1], valid, slot, sums);
  accumulate(szz[0] + szz[1], valid, slot, sums + RSO_FOLD);
  accumulate(sx[0] + sx[1], valid, slot, sums + 2 * RSO_FOLD);
  accumulate(sxx[0] + sxx[1], valid, slot, sums + 3 * RSO_FOLD);
  accumulate(szx[0] + szx[1], valid, slot, sums + 4 * RSO_FOLD);
}

// e^x for x <= 0, to about 1e-7 relative: x = n ln 2 + r, a Taylor polynomial of degree 7 on
// |r| <= ln 2 / 2 (its remainder is below 1e-8), and n put into the exponent. Below -87 it gives
// e^-87.
INLINE vec exponential(vec x) {
  x = choose(x > splat(-87.0f), x, splat(-87.0f));
  const vec magic = splat(12582912.0f);  // 1.5 * 2^23: adding it rounds to an integer
  const vec n = fma_(x, splat(1.44269504f), magic) - magic;
  vec r = fma_(n, splat(-0.693145752f), x);  // ln 2 in two parts, the first with few bits
  r = fma_(n, splat(-1.42860677e-6f), r);
  vec p = splat(1.0f / 5040);
  p = fma_(p, r, splat(1.0f / 720));
  p = fma_(p, r, splat(1.0f / 120));
  p = fma_(p, r, splat(1.0f / 24));
  p = fma_(p, r, splat(1.0f / 6));
  p = fma_(p, r, splat(0.5f));
  p = fma_(p, r, splat(1.0f));
  p = fma_(p, r, splat(1.0f));
  const ivec exponent = __builtin_convertvector(n, ivec) + 127;
  return p * (vec)(exponent << 23);
}

// ln x for finite x >= 1, to about 1e-7 absolute near 1 and relative elsewhere: x = m 2^e with m in
// [sqrt(1/2), sqrt 2), ln m = 2 artanh((m - 1) / (m + 1)) as a series in odd powers up to 9.
INLINE vec logarithm(vec x) {
  ivec bits = (ivec)x;
  const ivec offset = bits - 0x3f3504f3;  // the bits of sqrt(1/2)
  const ivec e = offset >> 23;
  const vec m = (vec)(bits - (e << 23));
  const vec s = (m - splat(1)) / (m + splat(1));
  const vec t = s * s;
  vec p = splat(2.0f / 9);
  p = fma_(p, t, splat(2.0f / 7));
  p = fma_(p, t, splat(2.0f / 5));
  p = fma_(p, t, splat(2.0f / 3));
  p = fma_(p, t, splat(2.0f));
  return fma_(__builtin_convertvector(e, vec), splat(0.693147181f), p * s);
}

static void cross_entropy(const float *logits, size_t classes, const int32_t *labels, size_t valid,
                          size_t slot, double *sums) {
  vec most = load(logits);
  for (size_t k = 1; k < classes; k++) {
    const vec z = load(logits + k * LANES);
    most = choose(z > most, z, most);
  }
  const ivec label = *(const ivec *)labels;
  vec sum = {}, own = {}, broken = {};
  for (size_t k = 0; k < classes; k++) {
    const vec z = load(logits + k * LANES);
    const vec below = z - most;
    sum += exponential(below);
    own = choose(label == (int32_t)k, below, own);
    broken += z - z;  // NaN where a logit is not finite
  }
  accumulate(logarithm(sum) - own + broken, valid, slot, sums);
}

const rso_kernels TABLE = {
    .name = TABLE_NAME,
    .lanes = LANES,
    .pack = pack,
    .affine = affine,
    .candidate = candidate,
    .average_pool = average_pool,
    .global_maximum = global_maximum,
    .global_average = global_average,
    .box_sum = box_sum,
    .convolve = convolve,
    .winograd = winograd,
    .add_affine = add_affine,
    .add_tap = add_tap,
    .copy_tap = copy_tap,
    .moments = moments,
    .add_moments = add_moments,
    .joint_moments = joint_moments,
    .cross_entropy = cross_entropy,
};
