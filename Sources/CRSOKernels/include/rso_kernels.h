// The innermost loops of rso: one table of functions per instruction set.
//
// Layout. Samples lie side by side: one vector holds the same element of `lanes` samples.
// - A *block* is `lanes` samples.
// - A *plane* is the pixels of one channel of a block, [pixel][lane].
// - A *tensor* is [channel][pixel][lane].
// - A *map* is a plane with room around it for zero padding, addressed by row and pixel strides.
// All strides and sizes count floats unless they say otherwise. All pointers are aligned to a
// vector.
//
// Reproducibility. Lanes are combined in `accumulate` and `fold` only, in an order that is the same
// for every lane count. The arithmetic of a lane is written once, in body.h, with explicit fused
// multiply-adds and one order of accumulation. So all tables give the same bits.
//
// All functions are pure: no allocation, no threads, no input or output.

#ifndef RSO_KERNELS_H
#define RSO_KERNELS_H

// Up to the table, this is also OpenCL C 1.2. There, tensors are in global memory.
#if defined(__OPENCL_C_VERSION__)
#define RSO_GLOBAL __global
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RSO_GLOBAL
#endif

// The number of double slots for partial sums across samples. Sample s of a chunk adds to slot
// s % RSO_FOLD, for any width of a vector.
#define RSO_FOLD 8

// out[o][y][x] = initial or bias + sum over c, ky, kx of weight[o][c][ky][kx] * map[c][...].
typedef struct {
  RSO_GLOBAL const float *map;
  size_t channels;
  size_t channel_stride;
  // From one row of taps to the next: a map row, or several of them for a dilated kernel.
  size_t row_stride;
  // From the input of one output row to that of the next.
  size_t row_step;
  // From the input of one output pixel to that of the next, in pixels.
  size_t pixel_step;
  // From one tap of a row to the next, in pixels.
  size_t tap_step;
  size_t kernel_height;
  size_t kernel_width;
  // Map rows outside [row_begin, row_end) are zero, and are skipped. Every window has one of these rows;
  // for a dilated kernel they are all rows.
  size_t row_begin;
  size_t row_end;
  size_t row_step_count;  // map rows from the input of one output row to that of the next
  RSO_GLOBAL const float *weights;
  size_t weight_output_stride;
  size_t weight_channel_stride;
  size_t outputs;
  size_t height;
  size_t width;
  // A tensor of the output's shape, or null.
  RSO_GLOBAL const float *initial;
  // The `initial` of the next call, which is fetched from memory meanwhile; or null.
  RSO_GLOBAL const float *next_initial;
  // One value per output, used if `initial` is null; or null for zero.
  RSO_GLOBAL const float *bias;
  // The output; null if only its moments are needed. The strides lead from one row, and from one
  // plane, to the next.
  RSO_GLOBAL float *out;
  size_t out_row_stride;
  size_t out_plane_stride;
  // One scale and one shift per output: z is stored as max(scale * z + shift, 0), as the next
  // convolution reads it. Null: z is stored as it is.
  RSO_GLOBAL const float *scales;
  RSO_GLOBAL const float *shifts;
  // Running sums [output][z, z^2][lane], to which each output pixel is added in order; or null.
  RSO_GLOBAL float *moments;
} rso_convolution;

// A function of each value by itself.
//   identity    x
//   relu        max(x, 0)
//   leaky relu  x where x > 0, slope * x elsewhere
//   tanh        within 2 units in the last place
//   sign        -1, 0 or 1; a zero keeps its sign
//   step        1 where x > 0, 0 elsewhere
//   sigmoid     1 / (1 + e^-x), within 2e-7
//   gelu        x times the share of the standard normal distribution below x, within 2e-7 of |x| or 1
//   silu        x / (1 + e^-x), within 2e-7 of |x| or 1
//   elu         x where x > 0, slope * (e^x - 1) elsewhere, within 2e-7 of the slope
//   softplus    ln(1 + e^x), within 2e-7 of x or 1
//   hard sigmoid  x / 6 + 1/2, at least 0 and at most 1
//   hard swish    x * hard sigmoid
// NaN stays NaN in all of them, so that it reaches the loss.
typedef enum {
  rso_identity,
  rso_relu,
  rso_leaky_relu,
  rso_tanh,
  rso_sign,
  rso_step,
  rso_sigmoid,
  rso_gelu,
  rso_silu,
  rso_elu,
  rso_softplus,
  rso_hard_sigmoid,
  rso_hard_swish,
} rso_activation_kind;

typedef struct {
  rso_activation_kind kind;
  // The slope of a leaky ReLU, the alpha of an ELU.
  float slope;
} rso_activation;

// A pool over the pixels of a plane that lie in its windows. Every window has at least one.
typedef struct {
  // The maximum; otherwise the mean.
  bool maximum;
  size_t height;
  size_t width;
  size_t kernel_height;
  size_t kernel_width;
  size_t stride_height;
  size_t stride_width;
  // Rows above the plane and columns left of it that the first windows have.
  size_t padding_top;
  size_t padding_left;
  size_t out_height;
  size_t out_width;
} rso_pool;

// The loss of one sample of a class. z are its logits, y is its class, K the number of classes.
//   cross entropy  ln(sum over k of e^z[k]) - z[y]
//   squared        (1 / K) * sum over k of (z[k] - (k = y ? 1 : 0))^2
//   zero-one       0 where y is the first of the largest logits, 1 elsewhere
//   hinge          max(0, 1 + (the largest z[k] of k != y) - z[y]); 0 for a single class
//   smoothed       cross entropy with the targets 1 - s + s / K for y and s / K for the others
//   focal          (1 - p)^g c, where c is the cross entropy and p = e^-c
//   cost           costs[y][a], where a is the first of the largest logits
//   top-k          0 where fewer than t logits are larger than z[y], or equal and before it; 1 elsewhere
// s, g and t are the parameter of `rso_loss_terms`. If a logit is not finite, the loss is NaN.
typedef enum {
  rso_cross_entropy,
  rso_squared,
  rso_zero_one,
  rso_hinge,
  rso_smoothed,
  rso_focal,
  rso_cost,
  rso_top_k,
} rso_loss;

// The loss of one sample with K outputs z and K targets t: (1 / K) * the sum over k of
//   binary cross entropy  max(z, 0) - z t + ln(1 + e^-|z|), with t = 0 or 1
//   squared difference    d^2, where d = (z - t) w and w is the output's weight
//   absolute difference   |d|
//   huber                 d^2 / 2 where |d| < 1, |d| - 1/2 elsewhere
//   quantile              max(-q d, (1 - q) d), where q is the parameter
// If an output is not finite, or the sum is too large for a float, the loss is NaN.
typedef enum {
  rso_binary_cross_entropy,
  rso_squared_difference,
  rso_absolute_difference,
  rso_huber,
  rso_quantile,
} rso_target_loss;

// The parameters of a loss besides outputs and targets.
typedef struct {
  // Of the smoothed, focal, top-k and quantile losses.
  float parameter;
  // [class]: a loss is multiplied by the weight of its label. For targets that are numbers, [output]. If null, all
  // are 1.
  RSO_GLOBAL const float *weights;
  // [class][class]: the cost of each answer to samples of each class. If null, a wrong answer costs 1.
  RSO_GLOBAL const float *costs;
} rso_loss_terms;

// A tile of 4 x 4 outputs of a 3 x 3 convolution is computed in 36 places of a transformed space,
// RSO_WINOGRAD_GROUP tiles at a time.
#define RSO_WINOGRAD_PLACES 36
#define RSO_WINOGRAD_GROUP 4

// A 3 x 3 convolution of activation(scale * plane + shift) with zero padding and pixel step 1, by
// Winograd's minimal filtering. Its sums are not rounded as those of rso_convolution.
typedef struct {
  RSO_GLOBAL const float *planes;
  size_t channels;
  size_t plane_stride;
  // One value per channel; null: the planes as they are.
  RSO_GLOBAL const float *scales;
  RSO_GLOBAL const float *shifts;
  rso_activation activation;
  // Transformed weights, [place][channel][output]: see rso_winograd_weights.
  RSO_GLOBAL const float *weights;
  size_t weight_place_stride;
  size_t weight_channel_stride;
  size_t outputs;
  size_t height;
  size_t width;
  RSO_GLOBAL const float *initial;
  RSO_GLOBAL const float *bias;
  RSO_GLOBAL float *out;
  // As in rso_convolution, but added tile by tile.
  RSO_GLOBAL float *moments;
  // Room for rso_winograd_work(channels, outputs, width) vectors.
  RSO_GLOBAL float *work;
} rso_winograd;

// The input that one weight multiplies, as a plane of the output's size.
typedef struct {
  RSO_GLOBAL const float *map;
  size_t row_step;
  size_t pixel_step;
  size_t height;
  size_t width;
} rso_tap;

#if !defined(__OPENCL_C_VERSION__)
typedef struct {
  const char *name;
  size_t lanes;

  // out[pixel][lane] = values[samples[order[lane] * stride + pixel]]
  void (*pack)(const uint8_t *samples, size_t stride, const int32_t *order, size_t count,
               const float *values, float *out);
  // out[pixel][lane] = samples[order[lane] * stride + pixel]
  void (*pack_floats)(const float *samples, size_t stride, const int32_t *order, size_t count,
                      float *out);
  // Fills `count` vectors.
  void (*fill)(float value, size_t count, float *out);
  // Copies `count` vectors. Those of `out` do not overlap those of `in`.
  void (*copy)(const float *in, size_t count, float *out);
  // rows[lane][k] = in[k][lane] for the lanes below `valid`, whose rows have `count` floats.
  void (*copy_rows)(const float *in, size_t count, size_t valid, float *rows);

  // out[row][x] = activation(scale * in + shift); rows `out_row_stride` apart.
  void (*affine)(const float *in, size_t height, size_t width, float scale, float shift,
                 rso_activation activation, float *out, size_t out_row_stride);
  // The same for in + amount * tap + offset in place of in.
  void (*candidate)(const float *in, const float *tap, float amount, float offset, size_t height,
                    size_t width, float scale, float shift, rso_activation activation, float *out,
                    size_t out_row_stride);
  // 2 x 2 average, stride 2; an odd last row or column is dropped.
  void (*average_pool)(const float *in, size_t height, size_t width, float *out);
  // A maximum is NaN where a number of its window is.
  void (*pool)(const rso_pool *arguments, const float *in, float *out);
  // Normalises each lane over `count` numbers: (x - mean) / sqrt(variance + epsilon).
  void (*normalize)(float *values, size_t count, float epsilon);
  void (*global_maximum)(const float *in, size_t count, float *out);
  void (*global_average)(const float *in, size_t count, float *out);
  // out[y][x] = sum of the 2 x 2 pixels of the map from (y, x); (height - 1) x (width - 1).
  void (*box_sum)(const float *map, size_t height, size_t width, float *out);

  void (*convolve)(const rso_convolution *arguments);
  void (*winograd)(const rso_winograd *arguments);
  // Products of bf16 numbers; null if the instruction set has none. `pair` rounds two maps of
  // `count` pixels to one map, whose lanes hold a value of each (`odd` null: zero).
  // `convolve_pairs` is `convolve` on such maps, with weights from rso_pair_weights; `channels`
  // counts pairs.
  void (*pair)(const float *even, const float *odd, size_t count, float *out);
  void (*convolve_pairs)(const rso_convolution *arguments);
  // out += scale * in + shift
  void (*add_affine)(const float *in, size_t count, float scale, float shift, float *out);

  // z += amount * tap
  void (*add_tap)(float *z, const rso_tap *tap, float amount);
  void (*copy_tap)(const rso_tap *tap, float *out);

  // Adds sum z and sum z^2 of each of `channels` planes of `count` pixels: sums[channel][2][FOLD].
  // Lanes from `valid` on are ignored. `slot` is the slot of the first lane.
  void (*moments)(const float *tensor, size_t channels, size_t count, size_t valid, size_t slot,
                  double *sums);
  // Adds a convolution's running sums: sums[output][2][FOLD].
  void (*add_moments)(const float *moments, size_t outputs, size_t valid, size_t slot,
                      double *sums);
  // Adds sum z, z^2, x, x^2, z x: sums[5][FOLD].
  void (*joint_moments)(const float *z, const float *x, size_t count, size_t valid, size_t slot,
                        double *sums);
  // Adds each lane's loss of logits[classes][lane] and labels[lane]: sums[FOLD].
  void (*loss)(rso_loss loss, const rso_loss_terms *terms, const float *logits, size_t classes,
               const int32_t *labels, size_t valid, size_t slot, double *sums);
  // As `loss`, for outputs[count][lane] and targets[count][lane]. Of the terms, the parameter counts.
  void (*target_loss)(rso_target_loss loss, const rso_loss_terms *terms, const float *outputs,
                      const float *targets, size_t count, size_t valid, size_t slot, double *sums);
} rso_kernels;

// Returns the tables that this processor can run, the fastest first. `index` counts from 0; null
// after the last.
const rso_kernels *rso_kernels_at(size_t index);

// Instructions for which there are kernels.
typedef struct {
  const char *name;
  // The first instructions that the kernels need and this processor lacks; null if it has them all.
  const char *lacks;
} rso_instruction_set;

// Tells the instruction sets for which there are kernels, the fastest first, whether this processor has them
// or not. `index` counts from 0; false after the last.
bool rso_instruction_set_at(size_t index, rso_instruction_set *out);

// Transforms a 3 x 3 kernel, row-major, to 36 places that are `stride` floats apart.
void rso_winograd_weights(const float *kernel, float *out, size_t stride);

// Returns two weights, rounded to bf16, in one float: the even channel's in the low half.
float rso_pair_weights(float even, float odd);

// Returns how many vectors of working memory a rso_winograd of this size needs.
size_t rso_winograd_work(size_t channels, size_t outputs, size_t width);

// Returns the sum of RSO_FOLD slots, added in a fixed order.
double rso_fold(const double *slots);

// Waits some tens of cycles between two reads of memory that another thread writes. The processor's
// resources and its bus are free for others meanwhile.
static inline void rso_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

#endif

#endif
