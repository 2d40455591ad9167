// The source of every kernel, compiled once per instruction set. The including file defines
//
//   LANES        floats in a vector
//   REGISTERS    the number of vector registers
//   TABLE        the name of the table
//   TABLE_NAME   its printed name
//
// and sets the target. `vectors.h` defines the vectors. So there is one source for all instruction
// sets, and no differences can arise between them. The same source is OpenCL C 1.2: it then defines
// the functions, and no table.
//
// A product that meets a sum is written with `fma_` or `multiply`: no compiler may fuse it.

#include "include/rso_kernels.h"

#include "vectors.h"

// Returns |x|. NaN stays NaN.
INLINE vec magnitude(vec x) { return from_bits(bits(x) & 0x7fffffff); }
// Returns max(x, 0). NaN stays NaN, so that it reaches the loss.
INLINE vec rectify(vec x) { return choose(x < splat(0), splat(0), x); }

// Returns e^x for x <= 0, with a relative error of about 1e-7. x = n ln 2 + r; e^r is a Taylor
// polynomial of degree 7 on |r| <= ln 2 / 2 (its remainder is below 1e-8); n is added to the
// exponent. For x < -87 the result is e^-87.
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
  const ivec exponent = to_integer(n) + 127;
  return p * from_bits(exponent << 23);
}

// Returns tanh x within 2 units in the last place. For |x| < 0.55: x + x^3 P(x^2), with a fitted
// polynomial of degree 4. Otherwise: (1 - e^-2|x|) / (1 + e^-2|x|), where the difference does not
// cancel.
INLINE vec tangent(vec x) {
  const vec size = magnitude(x);
  const vec t = x * x;
  vec p = splat(-0.0062742378f);
  p = fma_(p, t, splat(0.021071678f));
  p = fma_(p, t, splat(-0.05385231f));
  p = fma_(p, t, splat(0.13332586f));
  p = fma_(p, t, splat(-0.33333316f));
  const vec near = fma_(p * t, x, x);
  const vec e = exponential(splat(-2) * size);
  const vec far = (splat(1) - e) / (splat(1) + e);
  const ivec sign = bits(x) & (int32_t)0x80000000;
  const vec result = choose(size < splat(0.55f), near, from_bits(bits(far) | sign));
  return choose(x == x, result, x);
}

// Returns ln x for finite x >= 1. The error is about 1e-7: absolute near 1, relative elsewhere.
// x = m 2^e with m in [sqrt(1/2), sqrt 2); ln m = 2 artanh((m - 1) / (m + 1)) as a series in odd
// powers up to 9.
INLINE vec logarithm(vec x) {
  const ivec offset = bits(x) - 0x3f3504f3;  // the bits of sqrt(1/2)
  const ivec e = offset >> 23;
  const vec m = from_bits(bits(x) - (e << 23));
  const vec s = (m - splat(1)) / (m + splat(1));
  const vec t = s * s;
  vec p = splat(2.0f / 9);
  p = fma_(p, t, splat(2.0f / 7));
  p = fma_(p, t, splat(2.0f / 5));
  p = fma_(p, t, splat(2.0f / 3));
  p = fma_(p, t, splat(2.0f));
  return fma_(from_integer(e), splat(0.693147181f), p * s);
}

// Returns 1 / (1 + e^-x), from e^-|x|, which cannot overflow.
INLINE vec logistic(vec x) {
  const vec e = exponential(-magnitude(x));
  return choose(x < splat(0), e, splat(1)) / (splat(1) + e);
}

// Returns x times the share of the standard normal distribution below x. The share above a = |x| is
// e^(-a^2 / 2) P(1 / (1 + 0.28 a)), with a fitted polynomial of degree 6 without a constant, within 6e-9.
// Beyond 13 it is below 1e-38.
INLINE vec gaussian_unit(vec x) {
  const vec a = magnitude(x);
  const vec t = splat(1) / fma_(splat(0.28f), a, splat(1));
  vec p = splat(-0.10703915f);
  p = fma_(p, t, splat(0.39495251f));
  p = fma_(p, t, splat(-0.24532054f));
  p = fma_(p, t, splat(0.27569121f));
  p = fma_(p, t, splat(0.06475496f));
  p = fma_(p, t, splat(0.11696102f));
  const vec above = p * t * exponential(splat(-0.5f) * a * a);
  const vec part = choose(a < splat(13), multiply(x, above), splat(0));
  return choose(x < splat(0), part, x - part);
}

INLINE vec hard_logistic(vec x) {
  const vec middle = fma_(x, splat(1.0f / 6), splat(0.5f));
  return choose(x <= splat(-3), splat(0), choose(x >= splat(3), splat(1), middle));
}

// Comparisons with NaN are false, so the result of a NaN is x itself.
INLINE vec activate(const rso_activation_kind kind, vec slope, vec x) {
  switch (kind) {
    case rso_identity: return x;
    case rso_relu: return rectify(x);
    case rso_leaky_relu: return choose(x < splat(0), slope * x, x);
    case rso_tanh: return tangent(x);
    case rso_sign: return choose(x > splat(0), splat(1), choose(x < splat(0), splat(-1), x));
    case rso_step: return choose(x > splat(0), splat(1), choose(x <= splat(0), splat(0), x));
    case rso_sigmoid: return choose(x == x, logistic(x), x);
    case rso_gelu: return choose(x == x, gaussian_unit(x), x);
    // Below -87, where x / (1 + e^-x) is below 1e-35, e^-x would be that of -87.
    case rso_silu:
      return choose(x == x, choose(x > splat(-87), x, splat(0)) * logistic(x), x);
    case rso_elu:
      return choose(x <= splat(0), slope * (exponential(x) - splat(1)), x);
    case rso_softplus:
      return choose(x == x, rectify(x) + logarithm(splat(1) + exponential(-magnitude(x))), x);
    case rso_hard_sigmoid: return choose(x == x, hard_logistic(x), x);
    case rso_hard_swish:
      return choose(x == x, choose(x > splat(-3), x, splat(0)) * hard_logistic(x), x);
  }
}

// CALL(kind) for the kind of an activation, as a constant.
#define FOR_ACTIVATION(activation, CALL)                  \
  switch ((activation).kind) {                            \
    case rso_identity: CALL(rso_identity); break;         \
    case rso_relu: CALL(rso_relu); break;                 \
    case rso_leaky_relu: CALL(rso_leaky_relu); break;     \
    case rso_tanh: CALL(rso_tanh); break;                 \
    case rso_sign: CALL(rso_sign); break;                 \
    case rso_step: CALL(rso_step); break;                 \
    case rso_sigmoid: CALL(rso_sigmoid); break;           \
    case rso_gelu: CALL(rso_gelu); break;                 \
    case rso_silu: CALL(rso_silu); break;                 \
    case rso_elu: CALL(rso_elu); break;                   \
    case rso_softplus: CALL(rso_softplus); break;         \
    case rso_hard_sigmoid: CALL(rso_hard_sigmoid); break; \
    case rso_hard_swish: CALL(rso_hard_swish); break;     \
  }

// Adds the running sums [output][z, z^2][lane] of a convolution to the slots of their samples.
static void add_moments(GLOBAL const float *moments, size_t outputs, size_t valid, size_t slot,
                        slots sums) {
  for (size_t i = 0; i < 2 * outputs; i++)
    accumulate(load(moments + i * LANES), valid, slot, quantity(sums, i));
}

// Fills the lane of one sample. `out` is the lane's first float.
INLINE void pack_sample(GLOBAL const uint8_t *sample, size_t count, GLOBAL const float *values,
                        GLOBAL float *out) {
  for (size_t i = 0; i < count; i++) out[i * LANES] = values[sample[i]];
}

static void pack(GLOBAL const uint8_t *samples, size_t stride, GLOBAL const int32_t *order,
                 size_t count, GLOBAL const float *values, GLOBAL float *out) {
  for (size_t k = 0; k < OWN_LANES; k++)
    pack_sample(samples + (size_t)order[k] * stride, count, values, out + k);
}

static void pack_floats(GLOBAL const float *samples, size_t stride, GLOBAL const int32_t *order,
                        size_t count, GLOBAL float *out) {
  for (size_t k = 0; k < OWN_LANES; k++) {
    GLOBAL const float *sample = samples + (size_t)order[k] * stride;
    for (size_t i = 0; i < count; i++) out[i * LANES + k] = sample[i];
  }
}

static void fill(float value, size_t count, GLOBAL float *out) {
  for (size_t i = 0; i < count; i++) store(out + i * LANES, splat(value));
}

static void copy(GLOBAL const float *in, size_t count, GLOBAL float *out) {
  for (size_t i = 0; i < count; i++) store(out + i * LANES, load(in + i * LANES));
}

static void copy_rows(GLOBAL const float *in, size_t count, size_t valid, GLOBAL float *rows) {
  for (size_t k = 0; k < OWN_LANES && k < valid; k++)
    for (size_t i = 0; i < count; i++) rows[k * count + i] = in[i * LANES + k];
}

INLINE void affine_rows(const rso_activation_kind kind, GLOBAL const float *in, size_t height,
                        size_t width, float scale, float shift, float slope, GLOBAL float *out,
                        size_t out_row_stride) {
  const vec s = splat(scale), t = splat(shift), l = splat(slope);
  for (size_t y = 0; y < height; y++, in += width * LANES, out += out_row_stride)
    for (size_t x = 0; x < width; x++)
      store(out + x * LANES, activate(kind, l, fma_(s, load(in + x * LANES), t)));
}

static void affine(GLOBAL const float *in, size_t height, size_t width, float scale, float shift,
                   rso_activation activation, GLOBAL float *out, size_t out_row_stride) {
#define AFFINE(kind)                                                                    \
  affine_rows(kind, in, height, width, scale, shift, activation.slope, out, out_row_stride)
  FOR_ACTIVATION(activation, AFFINE)
}

INLINE void candidate_rows(const rso_activation_kind kind, GLOBAL const float *in,
                           GLOBAL const float *tap, float amount, float offset, size_t height,
                           size_t width, float scale, float shift, float slope, GLOBAL float *out,
                           size_t out_row_stride) {
  const vec a = splat(amount), b = splat(offset), s = splat(scale), t = splat(shift);
  const vec l = splat(slope);
  for (size_t y = 0; y < height; y++) {
    for (size_t x = 0; x < width; x++) {
      const vec z = fma_(a, load(tap + x * LANES), load(in + x * LANES)) + b;
      store(out + x * LANES, activate(kind, l, fma_(s, z, t)));
    }
    in += width * LANES;
    tap += width * LANES;
    out += out_row_stride;
  }
}

static void candidate(GLOBAL const float *in, GLOBAL const float *tap, float amount, float offset,
                      size_t height, size_t width, float scale, float shift,
                      rso_activation activation, GLOBAL float *out, size_t out_row_stride) {
#define CANDIDATE(kind)                                                                       \
  candidate_rows(kind, in, tap, amount, offset, height, width, scale, shift, activation.slope, \
                 out, out_row_stride)
  FOR_ACTIVATION(activation, CANDIDATE)
}

static void average_pool(GLOBAL const float *in, size_t height, size_t width, GLOBAL float *out) {
  const vec quarter = splat(0.25f);
  for (size_t y = 0; y + 1 < height; y += 2) {
    GLOBAL const float *upper = in + y * width * LANES, *lower = upper + width * LANES;
    for (size_t x = 0; x + 1 < width; x += 2, out += LANES) {
      const vec top = load(upper + x * LANES) + load(upper + (x + 1) * LANES);
      const vec bottom = load(lower + x * LANES) + load(lower + (x + 1) * LANES);
      store(out, quarter * (top + bottom));
    }
  }
}

// Calls a pool's `TAKE(x)` for each pixel of the plane in the window at output pixel (y, x).
#define FOR_WINDOW(a, in, y, x, TAKE)                                                    \
  const size_t top_ = (y) * (a)->stride_height, left_ = (x) * (a)->stride_width;         \
  const size_t above_ = (a)->padding_top, before_ = (a)->padding_left;                   \
  for (size_t ky = top_ < above_ ? above_ - top_ : 0;                                    \
       ky < (a)->kernel_height && top_ + ky < above_ + (a)->height; ky++)                \
    for (size_t kx = left_ < before_ ? before_ - left_ : 0;                              \
         kx < (a)->kernel_width && left_ + kx < before_ + (a)->width; kx++)              \
  TAKE(load((in) + ((top_ + ky - above_) * (a)->width + left_ + kx - before_) * LANES))

static void pool(const rso_pool *a, GLOBAL const float *in, GLOBAL float *out) {
  for (size_t y = 0; y < a->out_height; y++)
    for (size_t x = 0; x < a->out_width; x++, out += LANES) {
      if (a->maximum) {
        vec best = splat(-INFINITE);
        ivec broken = splat_integer(0);
#define TAKE_LARGER(pixel) \
  { const vec z = pixel; best = choose(z > best, z, best); broken |= z != z; }
        FOR_WINDOW(a, in, y, x, TAKE_LARGER)
        store(out, choose(broken, splat(NOT_A_NUMBER), best));
      } else {
        vec sum = splat(0);
        size_t count = 0;
#define ADD_UP(pixel) { sum += pixel; count++; }
        FOR_WINDOW(a, in, y, x, ADD_UP)
        store(out, sum / splat((float)count));
      }
    }
}

// Returns the sum of (x - center)^2, or of x alone, over `count` numbers of each lane: eight running sums,
// added in a fixed order.
INLINE vec add_up(GLOBAL const float *values, size_t count, vec center, const bool squares) {
  vec s[8] = {0};
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
#pragma clang loop unroll(full)
    for (int k = 0; k < 8; k++) {
      const vec x = load(values + (i + k) * LANES), d = x - center;
      s[k] = squares ? fma_(d, d, s[k]) : s[k] + x;
    }
  }
  for (int k = 0; i < count; i++, k++) {
    const vec x = load(values + i * LANES), d = x - center;
    s[k] = squares ? fma_(d, d, s[k]) : s[k] + x;
  }
  return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
}

// Not `normalize`, which is a function of OpenCL C.
static void normalize_values(GLOBAL float *values, size_t count, float epsilon) {
  const vec size = splat((float)count);
  const vec mean = add_up(values, count, splat(0), false) / size;
  const vec variance = add_up(values, count, mean, true) / size;
  const vec scale = splat(1) / square_root(variance + splat(epsilon));
  for (size_t i = 0; i < count; i++)
    store(values + i * LANES, (load(values + i * LANES) - mean) * scale);
}

// Eight running maxima (pixel i belongs to maximum i % 8): with a single one, each comparison would
// wait for the one before. Comparisons never choose NaN, so `broken` records it.
static void global_maximum(GLOBAL const float *in, size_t count, GLOBAL float *out) {
  vec best[8];
  ivec broken = splat_integer(0);
#pragma clang loop unroll(full)
  for (int k = 0; k < 8; k++) best[k] = load(in);
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
#pragma clang loop unroll(full)
    for (int k = 0; k < 8; k++) {
      const vec x = load(in + (i + k) * LANES);
      best[k] = choose(x > best[k], x, best[k]);
      broken |= x != x;
    }
  }
  for (; i < count; i++) {
    const vec x = load(in + i * LANES);
    best[0] = choose(x > best[0], x, best[0]);
    broken |= x != x;
  }
#pragma clang loop unroll(full)
  for (int k = 1; k < 8; k++) best[0] = choose(best[k] > best[0], best[k], best[0]);
  store(out, choose(broken, splat(NOT_A_NUMBER), best[0]));
}

static void global_average(GLOBAL const float *in, size_t count, GLOBAL float *out) {
  vec sum = load(in);
  for (size_t i = 1; i < count; i++) sum += load(in + i * LANES);
  store(out, sum / splat((float)count));
}

static void box_sum(GLOBAL const float *map, size_t height, size_t width, GLOBAL float *out) {
  for (size_t y = 0; y + 1 < height; y++) {
    GLOBAL const float *upper = map + y * width * LANES, *lower = upper + width * LANES;
    vec left = load(upper) + load(lower);
    for (size_t x = 0; x + 1 < width; x++, out += LANES) {
      const vec right = load(upper + (x + 1) * LANES) + load(lower + (x + 1) * LANES);
      store(out, left + right);
      left = right;
    }
  }
}

#define NAMED(name) name
#define SPLAT(p) splat(*(p))
#define MULTIPLY_ADD(weight, input, sum) fma_(weight, input, sum)
#include "convolve.h"
#if defined(BF16)
#include "bf16.h"
#endif
#include "winograd.h"

static void add_affine(GLOBAL const float *in, size_t count, float scale, float shift,
                       GLOBAL float *out) {
  const vec s = splat(scale), t = splat(shift);
  for (size_t i = 0; i < count * LANES; i += LANES)
    store(out + i, load(out + i) + fma_(s, load(in + i), t));
}

static void add_tap(GLOBAL float *z, const rso_tap *tap, float amount) {
  const vec a = splat(amount);
  for (size_t y = 0; y < tap->height; y++) {
    GLOBAL const float *row = tap->map + y * tap->row_step;
    for (size_t x = 0; x < tap->width; x++, z += LANES)
      store(z, fma_(a, load(row + x * tap->pixel_step), load(z)));
  }
}

static void copy_tap(const rso_tap *tap, GLOBAL float *out) {
  for (size_t y = 0; y < tap->height; y++) {
    GLOBAL const float *row = tap->map + y * tap->row_step;
    for (size_t x = 0; x < tap->width; x++, out += LANES)
      store(out, load(row + x * tap->pixel_step));
  }
}

// Four running sums per lane (pixel i belongs to sum i % 4): short chains, and one order for all
// tables.
static void moments(GLOBAL const float *tensor, size_t channels, size_t count, size_t valid,
                    size_t slot, slots sums) {
  for (size_t c = 0; c < channels; c++, tensor += count * LANES) {
    vec s[4] = {0}, q[4] = {0};
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
    accumulate((s[0] + s[1]) + (s[2] + s[3]), valid, slot, quantity(sums, 2 * c));
    accumulate((q[0] + q[1]) + (q[2] + q[3]), valid, slot, quantity(sums, 2 * c + 1));
  }
}

static void joint_moments(GLOBAL const float *z, GLOBAL const float *x, size_t count, size_t valid,
                          size_t slot, slots sums) {
  vec sz[2] = {0}, szz[2] = {0}, sx[2] = {0}, sxx[2] = {0}, szx[2] = {0};
  for (size_t i = 0; i < count; i++) {
    const vec a = load(z + i * LANES), b = load(x + i * LANES);
    const size_t k = i % 2;
    sz[k] += a;
    szz[k] = fma_(a, a, szz[k]);
    sx[k] += b;
    sxx[k] = fma_(b, b, sxx[k]);
    szx[k] = fma_(a, b, szx[k]);
  }
  accumulate(sz[0] + sz[1], valid, slot, quantity(sums, 0));
  accumulate(szz[0] + szz[1], valid, slot, quantity(sums, 1));
  accumulate(sx[0] + sx[1], valid, slot, quantity(sums, 2));
  accumulate(sxx[0] + sxx[1], valid, slot, quantity(sums, 3));
  accumulate(szx[0] + szx[1], valid, slot, quantity(sums, 4));
}

INLINE vec cross_entropy(GLOBAL const float *logits, size_t classes, ivec label) {
  vec most = load(logits);
  for (size_t k = 1; k < classes; k++) {
    const vec z = load(logits + k * LANES);
    most = choose(z > most, z, most);
  }
  vec sum = splat(0), own = splat(0), broken = splat(0);
  for (size_t k = 0; k < classes; k++) {
    const vec z = load(logits + k * LANES);
    const vec below = z - most;
    sum += exponential(below);
    own = choose(label == (int32_t)k, below, own);
    broken += z - z;  // NaN where a logit is not finite
  }
  return logarithm(sum) - own + broken;
}

INLINE vec squared(GLOBAL const float *logits, size_t classes, ivec label) {
  vec sum = splat(0);
  for (size_t k = 0; k < classes; k++) {
    const vec z = load(logits + k * LANES);
    const vec error = choose(label == (int32_t)k, z - splat(1), z);
    sum = fma_(error, error, sum);
  }
  // The sum is infinite if a logit is. The difference then makes the loss NaN.
  return sum / splat((float)classes) + (sum - sum);
}

// The label's logit, the largest of the others, and the largest of those before the label.
typedef struct {
  vec own, others, before, broken;
} rivals;

INLINE rivals compare(GLOBAL const float *logits, size_t classes, ivec label) {
  const vec least = splat(-INFINITE);
  rivals r = {.own = splat(0), .others = least, .before = least, .broken = splat(0)};
  for (size_t k = 0; k < classes; k++) {
    const vec z = load(logits + k * LANES);
    const ivec is_own = label == (int32_t)k;
    r.own = choose(is_own, z, r.own);
    r.others = choose((z > r.others) & inverse(is_own), z, r.others);
    r.before = choose((z > r.before) & (label > (int32_t)k), z, r.before);
    r.broken += z - z;
  }
  return r;
}

INLINE vec zero_one(GLOBAL const float *logits, size_t classes, ivec label) {
  const rivals r = compare(logits, classes, label);
  const ivec wrong = (r.others > r.own) | (r.before == r.own);
  return choose(wrong, splat(1), splat(0)) + r.broken;
}

INLINE vec hinge(GLOBAL const float *logits, size_t classes, ivec label) {
  const rivals r = compare(logits, classes, label);
  return rectify(splat(1) + (r.others - r.own)) + r.broken;
}

INLINE vec smoothed(GLOBAL const float *logits, size_t classes, ivec label, float smoothing) {
  vec most = load(logits);
  for (size_t k = 1; k < classes; k++) {
    const vec z = load(logits + k * LANES);
    most = choose(z > most, z, most);
  }
  vec sum = splat(0), own = splat(0), all = splat(0), broken = splat(0);
  for (size_t k = 0; k < classes; k++) {
    const vec z = load(logits + k * LANES);
    const vec below = z - most;
    sum += exponential(below);
    own = choose(label == (int32_t)k, below, own);
    all += below;
    broken += z - z;
  }
  const vec wanted = fma_(splat(1 - smoothing), own, splat(smoothing / (float)classes) * all);
  return logarithm(sum) - wanted + broken;
}

INLINE vec focal(GLOBAL const float *logits, size_t classes, ivec label, float gamma) {
  const vec entropy = cross_entropy(logits, classes, label);
  // NaN becomes the least number here, and stays NaN in the product.
  const vec rest = splat(1) - exponential(-entropy);
  const vec positive = choose(rest > splat(1e-30f), rest, splat(1e-30f));
  return exponential(splat(-gamma) * logarithm(splat(1) / positive)) * entropy;
}

INLINE vec cost(GLOBAL const float *logits, size_t classes, ivec label, GLOBAL const float *costs) {
  vec most = load(logits), broken = most - most;
  ivec answer = splat_integer(0);
  for (size_t k = 1; k < classes; k++) {
    const vec z = load(logits + k * LANES);
    const ivec is_larger = z > most;
    answer = choose_integer(is_larger, splat_integer((int32_t)k), answer);
    most = choose(z > most, z, most);
    broken += z - z;
  }
  const vec each = costs ? gather(costs, label * (int32_t)classes + answer)
                         : choose(label == answer, splat(0), splat(1));
  return each + broken;
}

INLINE vec top_k(GLOBAL const float *logits, size_t classes, ivec label, float top) {
  vec own = splat(0), broken = splat(0), ahead = splat(0);
  for (size_t k = 0; k < classes; k++) {
    const vec z = load(logits + k * LANES);
    own = choose(label == (int32_t)k, z, own);
    broken += z - z;
  }
  for (size_t k = 0; k < classes; k++) {
    const vec z = load(logits + k * LANES);
    const ivec is_ahead = (z > own) | ((z == own) & (label > (int32_t)k));
    ahead += choose(is_ahead, splat(1), splat(0));
  }
  return choose(ahead < splat(top), splat(0), splat(1)) + broken;
}

static void loss(rso_loss loss, const rso_loss_terms *terms, GLOBAL const float *logits,
                 size_t classes, GLOBAL const int32_t *labels, size_t valid, size_t slot,
                 slots sums) {
  const ivec label = load_integers(labels);
  vec each = splat(0);
  switch (loss) {
    case rso_cross_entropy: each = cross_entropy(logits, classes, label); break;
    case rso_squared: each = squared(logits, classes, label); break;
    case rso_zero_one: each = zero_one(logits, classes, label); break;
    case rso_hinge: each = hinge(logits, classes, label); break;
    case rso_smoothed: each = smoothed(logits, classes, label, terms->parameter); break;
    case rso_focal: each = focal(logits, classes, label, terms->parameter); break;
    case rso_cost: each = cost(logits, classes, label, terms->costs); break;
    case rso_top_k: each = top_k(logits, classes, label, terms->parameter); break;
  }
  if (terms->weights) each *= gather(terms->weights, label);
  accumulate(each, valid, slot, sums);
}

// One output's term.
INLINE vec difference(const rso_target_loss loss, float parameter, vec weight, vec z, vec t) {
  const vec error = multiply(z - t, weight), size = magnitude(error);
  switch (loss) {
    case rso_binary_cross_entropy:
      return (rectify(z) - multiply(z, t)) + logarithm(splat(1) + exponential(-magnitude(z)));
    case rso_squared_difference: return multiply(error, error);
    case rso_absolute_difference: return size;
    case rso_huber:
      return choose(size < splat(1), multiply(splat(0.5f) * error, error), size - splat(0.5f));
    case rso_quantile:
      return multiply(choose(error < splat(0), splat(-parameter), splat(1 - parameter)), error);
  }
}

INLINE vec mean_difference(const rso_target_loss loss, const rso_loss_terms *terms,
                           GLOBAL const float *outputs, GLOBAL const float *targets, size_t count) {
  vec sum = splat(0), broken = splat(0);
  for (size_t k = 0; k < count; k++) {
    const vec z = load(outputs + k * LANES);
    const vec weight = splat(terms->weights ? terms->weights[k] : 1);
    sum += difference(loss, terms->parameter, weight, z, load(targets + k * LANES));
    broken += z - z;
  }
  return sum / splat((float)count) + (broken + (sum - sum));
}

static void target_loss(rso_target_loss loss, const rso_loss_terms *terms,
                        GLOBAL const float *outputs, GLOBAL const float *targets, size_t count, size_t valid, size_t slot,
                        slots sums) {
  vec each = splat(0);
#define MEAN(kind) \
  case kind: each = mean_difference(kind, terms, outputs, targets, count); break;
  switch (loss) {
    MEAN(rso_binary_cross_entropy)
    MEAN(rso_squared_difference)
    MEAN(rso_absolute_difference)
    MEAN(rso_huber)
    MEAN(rso_quantile)
  }
  accumulate(each, valid, slot, sums);
}

#if !defined(__OPENCL_C_VERSION__)
const rso_kernels TABLE = {
    .name = TABLE_NAME,
    .lanes = LANES,
    .pack = pack,
    .pack_floats = pack_floats,
    .fill = fill,
    .copy = copy,
    .copy_rows = copy_rows,
    .affine = affine,
    .candidate = candidate,
    .average_pool = average_pool,
    .pool = pool,
    .normalize = normalize_values,
    .global_maximum = global_maximum,
    .global_average = global_average,
    .box_sum = box_sum,
    .convolve = convolve,
    .winograd = winograd,
#if defined(BF16)
    .pair = pair,
    .convolve_pairs = convolve_pairs,
#endif
    .add_affine = add_affine,
    .add_tap = add_tap,
    .copy_tap = copy_tap,
    .moments = moments,
    .add_moments = add_moments,
    .joint_moments = joint_moments,
    .loss = loss,
    .target_loss = target_loss,
};
#endif
