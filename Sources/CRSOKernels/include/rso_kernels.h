// The hot loops of rso, one table of functions per instruction set.
//
// Layout. Samples lie side by side: one vector holds the same element of `lanes` samples. A *block*
// is `lanes` samples; a *plane* is the pixels of one channel of a block, [pixel][lane]; a *tensor*
// is [channel][pixel][lane]; a *map* is a plane with room around it for zero padding, addressed by
// row and pixel strides. All strides and sizes count floats unless they say otherwise, and all
// pointers are aligned to a vector.
//
// Reproducibility. A lane never meets another lane except in `accumulate` and `fold`, whose order is
// the same for every lane count; each lane's arithmetic is written once, in body.h, with explicit
// fused multiply-adds and one order of accumulation. So all tables give the same bits.
//
// All functions are pure: no allocation, no threads, no input or output.

#ifndef RSO_KERNELS_H
#define RSO_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Partial sums across samples are kept in this many double slots: sample s of a chunk adds to slot
// s % RSO_FOLD, whatever the width of a vector.
#define RSO_FOLD 8

// out[o][y][x] = initial or bias + sum over c, ky, kx of weight[o][c][ky][kx] * map[c][...].
typedef struct {
  const float *map;
  size_t channels;
  size_t channel_stride;
  // From one map row (pixel) to the next one under the kernel.
  size_t row_stride;
  // From the input of one output row to that of the next.
  size_t row_step;
  // From the input of one output pixel to that of the next, in pixels: 1 or 2.
  size_t pixel_step;
  size_t kernel_height;
  size_t kernel_width;
  // Map rows [row_begin, row_end) may be other than zero; the others are skipped.
  size_t row_begin;
  size_t row_end;
  size_t row_step_count;  // row_step / row_stride
  const float *weights;
  size_t weight_output_stride;
  size_t weight_channel_stride;
  size_t outputs;
  size_t height;
  size_t width;
  // A tensor of the output's shape, or null.
  const float *initial;
  // The `initial` of the next call, to be fetched from memory meanwhile; or null.
  const float *next_initial;
  // One value an output, used where `initial` is null; or null for zero.
  const float *bias;
  // The output, or null where only its moments are wanted; and from one row, one plane of it to the
  // next.
  float *out;
  size_t out_row_stride;
  size_t out_plane_stride;
  // Where given, an output is stored as max(scale * z + shift, 0), a scale and a shift each: as the
  // next convolution reads it. Or null.
  const float *scales;
  const float *shifts;
  // Running sums [output][z, z^2][lane] that each output pixel is added to, in order; or null.
  float *moments;
} rso_convolution;

// What is done to each value by itself.
//   identity    x
//   relu        max(x, 0)
//   leaky relu  x where x > 0, slope * x elsewhere
//   tanh        within 2 units in the last place
//   sign        -1, 0 or 1; of a zero the zero itself
//   step        1 where x > 0, 0 elsewhere
// A NaN stays one in all of them, so that it reaches the loss.
typedef enum {
  rso_identity,
  rso_relu,
  rso_leaky_relu,
  rso_tanh,
  rso_sign,
  rso_step,
} rso_activation_kind;

typedef struct {
  rso_activation_kind kind;
  // Of a leaky relu.
  float slope;
} rso_activation;

// How logits are judged, sample by sample; y is the label, K the number of classes.
//   cross entropy  ln(sum over k of e^z[k]) - z[y]
//   squared        (1 / K) * sum over k of (z[k] - (k = y ? 1 : 0))^2
//   zero-one       0 where y is the first of the largest logits, 1 elsewhere
//   hinge          max(0, 1 + (the largest z[k] of k != y) - z[y]); of a single class 0
// Where a logit is not finite, all of them are NaN.
typedef enum {
  rso_cross_entropy,
  rso_squared,
  rso_zero_one,
  rso_hinge,
} rso_loss;

// A tile of 4 x 4 outputs of a 3 x 3 convolution is computed in 36 places of a transformed space,
// RSO_WINOGRAD_GROUP tiles at a time.
#define RSO_WINOGRAD_PLACES 36
#define RSO_WINOGRAD_GROUP 4

// A 3 x 3 convolution with zero padding and pixel step 1, on activation(scale * plane + shift), by
// Winograd's minimal filtering; its sums are rounded otherwise than rso_convolution's.
typedef struct {
  const float *planes;
  size_t channels;
  size_t plane_stride;
  // A value a channel; null: the planes as they are.
  const float *scales;
  const float *shifts;
  rso_activation activation;
  // Transformed weights, [place][channel][output]: see rso_winograd_weights.
  const float *weights;
  size_t weight_place_stride;
  size_t weight_channel_stride;
  size_t outputs;
  size_t height;
  size_t width;
  const float *initial;
  const float *bias;
  float *out;
  // As rso_convolution's, but tile by tile.
  float *moments;
  // Room for rso_winograd_work(channels, outputs, width) vectors.
  float *work;
} rso_winograd;

// The input of one tap of one channel, as an output plane sees it.
typedef struct {
  const float *map;
  size_t row_step;
  size_t pixel_step;
  size_t height;
  size_t width;
} rso_tap;

typedef struct {
  const char *name;
  size_t lanes;

  // out[pixel][lane] = values[rows[lane][pixel]]
  void (*pack)(const uint8_t *const *rows, size_t count, const float *values, float *out);

  // out[row][x] = activation(scale * in + shift); rows `out_row_stride` apart.
  void (*affine)(const float *in, size_t height, size_t width, float scale, float shift,
                 rso_activation activation, float *out, size_t out_row_stride);
  // The same with scale = factor and a second plane: in + amount * tap + offset comes first.
  void (*candidate)(const float *in, const float *tap, float amount, float offset, size_t height,
                    size_t width, float scale, float shift, rso_activation activation, float *out,
                    size_t out_row_stride);
  // 2 x 2 average, stride 2; an odd last row or column is dropped.
  void (*average_pool)(const float *in, size_t height, size_t width, float *out);
  void (*global_maximum)(const float *in, size_t count, float *out);
  void (*global_average)(const float *in, size_t count, float *out);
  // out[y][x] = sum of the 2 x 2 pixels of the map from (y, x); (height - 1) x (width - 1).
  void (*box_sum)(const float *map, size_t height, size_t width, float *out);

  void (*convolve)(const rso_convolution *arguments);
  void (*winograd)(const rso_winograd *arguments);
  // Products of bf16 numbers; null where the instruction set has none. `pair` rounds two maps of
  // `count` pixels to one whose lanes hold a value of both (`odd` null: zero); `convolve_pairs` is
  // `convolve` on such maps, with weights likewise (rso_pair_weights), `channels` counting pairs.
  void (*pair)(const float *even, const float *odd, size_t count, float *out);
  void (*convolve_pairs)(const rso_convolution *arguments);
  // out += scale * in + shift
  void (*add_affine)(const float *in, size_t count, float scale, float shift, float *out);

  // z += amount * tap
  void (*add_tap)(float *z, const rso_tap *tap, float amount);
  void (*copy_tap)(const rso_tap *tap, float *out);

  // Adds sum z and sum z^2 of each of `channels` planes of `count` pixels: sums[channel][2][FOLD].
  // Lanes from `valid` on are left out; `slot` is the first lane's slot.
  void (*moments)(const float *tensor, size_t channels, size_t count, size_t valid, size_t slot,
                  double *sums);
  // Adds a convolution's running sums: sums[output][2][FOLD].
  void (*add_moments)(const float *moments, size_t outputs, size_t valid, size_t slot,
                      double *sums);
  // Adds sum z, z^2, x, x^2, z x: sums[5][FOLD].
  void (*joint_moments)(const float *z, const float *x, size_t count, size_t valid, size_t slot,
                        double *sums);
  // Adds each lane's loss of logits[classes][lane] and labels[lane]: sums[FOLD].
  void (*loss)(rso_loss loss, const float *logits, size_t classes, const int32_t *labels,
               size_t valid, size_t slot, double *sums);
} rso_kernels;

// The tables this processor can run, the fastest first; `index` from 0. Null after the last.
const rso_kernels *rso_kernels_at(size_t index);

// Transforms a 3 x 3 kernel, row-major, to 36 places `stride` floats apart.
void rso_winograd_weights(const float *kernel, float *out, size_t stride);

// Two weights, rounded to bf16, in one float's room: the even channel's below, the odd one's above.
float rso_pair_weights(float even, float odd);

// Vectors of working memory that a rso_winograd of this size needs.
size_t rso_winograd_work(size_t channels, size_t outputs, size_t width);

// Sums RSO_FOLD slots in a fixed order.
double rso_fold(const double *slots);

// What a thread does between two looks at a place that another thread writes: it leaves the
// processor's resources, and its bus, to others for some tens of cycles.
static inline void rso_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

#endif
