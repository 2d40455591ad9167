// An entry for each kernel of the table. A launch is one work-group of LANES work-items: a block of
// samples. Sizes are `ulong`: a `size_t` cannot be an argument of an entry. Strides count floats.

// The fewest variants of a convolution: a driver compiles each of them, which takes seconds.
#define REGISTERS 16
#include "body.h"

#define LANE get_local_id(0)
#define ENTRY(name) __kernel __attribute__((reqd_work_group_size(LANES, 1, 1))) void run_##name
// The memory that `accumulate` needs.
#define SLOTS(name, sums) \
  __local float lanes[LANES]; \
  const slots name = {sums, lanes}

INLINE rso_activation activation_of(int kind, float slope) {
  const rso_activation activation = {(rso_activation_kind)kind, slope};
  return activation;
}

// The rows of all lanes, `count` bytes each.
ENTRY(pack)(__global const uchar *rows, ulong count, __global const float *values, __global float *out) {
  pack_sample(rows + LANE * count, count, values, out + LANE);
}

ENTRY(affine)(__global const float *in, ulong height, ulong width, float scale, float shift, int kind,
              float slope, __global float *out, ulong out_row_stride) {
  affine(in + LANE, height, width, scale, shift, activation_of(kind, slope), out + LANE, out_row_stride);
}

ENTRY(candidate)(__global const float *in, __global const float *tap, float amount, float offset,
                 ulong height, ulong width, float scale, float shift, int kind, float slope,
                 __global float *out, ulong out_row_stride) {
  candidate(in + LANE, tap + LANE, amount, offset, height, width, scale, shift,
            activation_of(kind, slope), out + LANE, out_row_stride);
}

ENTRY(average_pool)(__global const float *in, ulong height, ulong width, __global float *out) {
  average_pool(in + LANE, height, width, out + LANE);
}

ENTRY(pool)(int maximum, ulong height, ulong width, ulong kernel_height, ulong kernel_width,
            ulong stride_height, ulong stride_width, ulong padding_top, ulong padding_left,
            ulong out_height, ulong out_width, __global const float *in, __global float *out) {
  const rso_pool a = {
      .maximum = maximum, .height = height, .width = width, .kernel_height = kernel_height,
      .kernel_width = kernel_width, .stride_height = stride_height, .stride_width = stride_width,
      .padding_top = padding_top, .padding_left = padding_left, .out_height = out_height,
      .out_width = out_width};
  pool(&a, in + LANE, out + LANE);
}

ENTRY(normalize)(__global float *values, ulong count, float epsilon) {
  normalize_values(values + LANE, count, epsilon);
}

ENTRY(global_maximum)(__global const float *in, ulong count, __global float *out) {
  global_maximum(in + LANE, count, out + LANE);
}

ENTRY(global_average)(__global const float *in, ulong count, __global float *out) {
  global_average(in + LANE, count, out + LANE);
}

ENTRY(box_sum)(__global const float *map, ulong height, ulong width, __global float *out) {
  box_sum(map + LANE, height, width, out + LANE);
}

ENTRY(convolve)(__global const float *map, ulong channels, ulong channel_stride, ulong row_stride,
                ulong row_step, ulong pixel_step, ulong tap_step, ulong kernel_height,
                ulong kernel_width, ulong row_begin, ulong row_end, ulong row_step_count,
                __global const float *weights, ulong weight_output_stride,
                ulong weight_channel_stride, ulong outputs, ulong height, ulong width,
                __global const float *initial, __global const float *bias, __global float *out,
                ulong out_row_stride, ulong out_plane_stride, __global const float *scales,
                __global const float *shifts, __global float *moments) {
  const rso_convolution a = {
      .map = map + LANE, .channels = channels, .channel_stride = channel_stride,
      .row_stride = row_stride, .row_step = row_step, .pixel_step = pixel_step, .tap_step = tap_step,
      .kernel_height = kernel_height, .kernel_width = kernel_width, .row_begin = row_begin,
      .row_end = row_end, .row_step_count = row_step_count, .weights = weights,
      .weight_output_stride = weight_output_stride, .weight_channel_stride = weight_channel_stride,
      .outputs = outputs, .height = height, .width = width, .initial = initial ? initial + LANE : 0,
      .next_initial = 0, .bias = bias, .out = out ? out + LANE : 0, .out_row_stride = out_row_stride,
      .out_plane_stride = out_plane_stride, .scales = scales, .shifts = shifts,
      .moments = moments ? moments + LANE : 0};
  convolve(&a);
}

ENTRY(winograd)(__global const float *planes, ulong channels, ulong plane_stride,
                __global const float *scales, __global const float *shifts, int kind, float slope,
                __global const float *weights, ulong weight_place_stride,
                ulong weight_channel_stride, ulong outputs, ulong height, ulong width,
                __global const float *initial, __global const float *bias, __global float *out,
                __global float *moments, __global float *work) {
  const rso_winograd a = {
      .planes = planes + LANE, .channels = channels, .plane_stride = plane_stride, .scales = scales,
      .shifts = shifts, .activation = activation_of(kind, slope), .weights = weights,
      .weight_place_stride = weight_place_stride, .weight_channel_stride = weight_channel_stride,
      .outputs = outputs, .height = height, .width = width, .initial = initial ? initial + LANE : 0,
      .bias = bias, .out = out + LANE, .moments = moments ? moments + LANE : 0, .work = work + LANE};
  winograd(&a);
}

ENTRY(add_affine)(__global const float *in, ulong count, float scale, float shift, __global float *out) {
  add_affine(in + LANE, count, scale, shift, out + LANE);
}

INLINE rso_tap tap_of(__global const float *map, ulong row_step, ulong pixel_step, ulong height,
                      ulong width) {
  const rso_tap tap = {map + LANE, row_step, pixel_step, height, width};
  return tap;
}

ENTRY(add_tap)(__global float *z, __global const float *map, ulong row_step, ulong pixel_step,
               ulong height, ulong width, float amount) {
  const rso_tap tap = tap_of(map, row_step, pixel_step, height, width);
  add_tap(z + LANE, &tap, amount);
}

ENTRY(copy_tap)(__global const float *map, ulong row_step, ulong pixel_step, ulong height, ulong width,
                __global float *out) {
  const rso_tap tap = tap_of(map, row_step, pixel_step, height, width);
  copy_tap(&tap, out + LANE);
}

ENTRY(moments)(__global const float *tensor, ulong channels, ulong count, ulong valid, ulong slot,
               __global double *sums) {
  SLOTS(to, sums);
  moments(tensor + LANE, channels, count, valid, slot, to);
}

ENTRY(add_moments)(__global const float *running, ulong outputs, ulong valid, ulong slot,
                   __global double *sums) {
  SLOTS(to, sums);
  add_moments(running + LANE, outputs, valid, slot, to);
}

ENTRY(joint_moments)(__global const float *z, __global const float *x, ulong count, ulong valid,
                     ulong slot, __global double *sums) {
  SLOTS(to, sums);
  joint_moments(z + LANE, x + LANE, count, valid, slot, to);
}

ENTRY(loss)(int kind, float parameter, __global const float *weights, __global const float *costs,
            __global const float *logits, ulong classes, __global const int *labels, ulong valid,
            ulong slot, __global double *sums) {
  SLOTS(to, sums);
  const rso_loss_terms terms = {parameter, weights, costs};
  loss((rso_loss)kind, &terms, logits + LANE, classes, labels + LANE, valid, slot, to);
}

ENTRY(target_loss)(int kind, float parameter, __global const float *outputs,
                   __global const float *targets, ulong count, ulong valid, ulong slot,
                   __global double *sums) {
  SLOTS(to, sums);
  const rso_loss_terms terms = {parameter, 0, 0};
  target_loss((rso_target_loss)kind, &terms, outputs + LANE, targets + LANE, count, valid, slot, to);
}
