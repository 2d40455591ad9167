// The table of kernels that records: each function adds itself and its arguments to the list of the thread's
// session.

#include <string.h>

#include "session.h"

static uint64_t bits(float x) {
  uint32_t word;
  memcpy(&word, &x, sizeof word);
  return word;
}

static size_t last(const int32_t *order) {
  int32_t most = 0;
  for (size_t lane = 0; lane < DEVICE_LANES; lane++) most = order[lane] > most ? order[lane] : most;
  return (size_t)most;
}

#define SIZE(x) {argument_number, (uint64_t)(x), 0}
#define KIND(x) {argument_number, (uint64_t)(x), 0}
#define REAL(x) {argument_number, bits(x), 0}
#define INPUT(p, count) {argument_input, (uint64_t)(uintptr_t)(p), (count) * sizeof *(p)}
#define RESULT(p, count) {argument_result, (uint64_t)(uintptr_t)(p), (count) * sizeof *(p)}
#define SUMS(p, count) {argument_sums, (uint64_t)(uintptr_t)(p), count}
// `count` vectors.
#define VECTORS(p, count) INPUT(p, (count) * DEVICE_LANES)
#define VECTOR_RESULTS(p, count) RESULT(p, (count) * DEVICE_LANES)
// All samples up to the last one of an order, which is memory of the host as well.
#define SAMPLES(p, order, stride, count) INPUT(p, last(order) * (stride) + (count))

#define RECORD_VALID(name, valid, ...)                                               \
  do {                                                                               \
    const argument arguments_[] = {__VA_ARGS__};                                     \
    session_record(kernel_##name, valid, arguments_, sizeof arguments_ / sizeof *arguments_); \
  } while (false)
#define RECORD(name, ...) RECORD_VALID(name, DEVICE_LANES, __VA_ARGS__)

// Floats of `height` rows of `width` vectors.
static size_t rows(size_t height, size_t row_stride, size_t width) {
  return (height - 1) * row_stride + width * DEVICE_LANES;
}

static void pack(const uint8_t *samples, size_t stride, const int32_t *order, size_t count,
                 const float *values, float *out) {
  RECORD(pack, SAMPLES(samples, order, stride, count), SIZE(stride), VECTORS(order, 1), SIZE(count),
         INPUT(values, 256), VECTOR_RESULTS(out, count));
}

static void pack_floats(const float *samples, size_t stride, const int32_t *order, size_t count, float *out) {
  RECORD(pack_floats, SAMPLES(samples, order, stride, count), SIZE(stride), VECTORS(order, 1), SIZE(count),
         VECTOR_RESULTS(out, count));
}

static void fill(float value, size_t count, float *out) {
  RECORD(fill, REAL(value), SIZE(count), VECTOR_RESULTS(out, count));
}

static void copy(const float *in, size_t count, float *out) {
  RECORD(copy, VECTORS(in, count), SIZE(count), VECTOR_RESULTS(out, count));
}

static void copy_rows(const float *in, size_t count, size_t valid, float *out) {
  RECORD_VALID(copy_rows, valid, VECTORS(in, count), SIZE(count), RESULT(out, valid * count));
}

static void affine(const float *in, size_t height, size_t width, float scale, float shift,
                   rso_activation activation, float *out, size_t out_row_stride) {
  RECORD(affine, VECTORS(in, height * width), SIZE(height), SIZE(width), REAL(scale), REAL(shift),
         KIND(activation.kind), REAL(activation.slope), RESULT(out, rows(height, out_row_stride, width)),
         SIZE(out_row_stride));
}

static void candidate(const float *in, const float *tap, float amount, float offset, size_t height,
                      size_t width, float scale, float shift, rso_activation activation, float *out,
                      size_t out_row_stride) {
  RECORD(candidate, VECTORS(in, height * width), VECTORS(tap, height * width), REAL(amount),
         REAL(offset), SIZE(height), SIZE(width), REAL(scale), REAL(shift), KIND(activation.kind),
         REAL(activation.slope), RESULT(out, rows(height, out_row_stride, width)),
         SIZE(out_row_stride));
}

static void average_pool(const float *in, size_t height, size_t width, float *out) {
  if (height < 2 || width < 2) return;
  RECORD(average_pool, VECTORS(in, height * width), SIZE(height), SIZE(width),
         VECTOR_RESULTS(out, (height / 2) * (width / 2)));
}

static void pool(const rso_pool *a, const float *in, float *out) {
  RECORD(pool, SIZE(a->maximum), SIZE(a->height), SIZE(a->width), SIZE(a->kernel_height),
         SIZE(a->kernel_width), SIZE(a->stride_height), SIZE(a->stride_width), SIZE(a->padding_top),
         SIZE(a->padding_left), SIZE(a->out_height), SIZE(a->out_width),
         VECTORS(in, a->height * a->width), VECTOR_RESULTS(out, a->out_height * a->out_width));
}

static void normalize(float *values, size_t count, float epsilon) {
  RECORD(normalize, VECTOR_RESULTS(values, count), SIZE(count), REAL(epsilon));
}

static void global_maximum(const float *in, size_t count, float *out) {
  RECORD(global_maximum, VECTORS(in, count), SIZE(count), VECTOR_RESULTS(out, 1));
}

static void global_average(const float *in, size_t count, float *out) {
  RECORD(global_average, VECTORS(in, count), SIZE(count), VECTOR_RESULTS(out, 1));
}

static void box_sum(const float *map, size_t height, size_t width, float *out) {
  if (height < 2 || width < 2) return;
  RECORD(box_sum, VECTORS(map, height * width), SIZE(height), SIZE(width),
         VECTOR_RESULTS(out, (height - 1) * (width - 1)));
}

static void convolve(const rso_convolution *a) {
  const size_t taps = ((a->width - 1) * a->pixel_step + (a->kernel_width - 1) * a->tap_step + 1);
  const size_t map = (a->channels - 1) * a->channel_stride + (a->height - 1) * a->row_step +
                     rows(a->kernel_height, a->row_stride, taps);
  const size_t weights = (a->outputs - 1) * a->weight_output_stride +
                         (a->channels - 1) * a->weight_channel_stride +
                         a->kernel_height * a->kernel_width;
  const size_t out = (a->outputs - 1) * a->out_plane_stride + rows(a->height, a->out_row_stride, a->width);
  RECORD(convolve, INPUT(a->map, map), SIZE(a->channels), SIZE(a->channel_stride), SIZE(a->row_stride),
         SIZE(a->row_step), SIZE(a->pixel_step), SIZE(a->tap_step), SIZE(a->kernel_height),
         SIZE(a->kernel_width), SIZE(a->row_begin), SIZE(a->row_end), SIZE(a->row_step_count),
         INPUT(a->weights, weights), SIZE(a->weight_output_stride), SIZE(a->weight_channel_stride),
         SIZE(a->outputs), SIZE(a->height), SIZE(a->width),
         VECTORS(a->initial, a->outputs * a->height * a->width), INPUT(a->bias, a->outputs),
         RESULT(a->out, out), SIZE(a->out_row_stride), SIZE(a->out_plane_stride),
         INPUT(a->scales, a->outputs), INPUT(a->shifts, a->outputs),
         VECTOR_RESULTS(a->moments, 2 * a->outputs));
}

static void winograd(const rso_winograd *a) {
  const size_t area = a->height * a->width;
  const size_t planes = (a->channels - 1) * a->plane_stride + area * DEVICE_LANES;
  const size_t weights = (RSO_WINOGRAD_PLACES - 1) * a->weight_place_stride +
                         (a->channels - 1) * a->weight_channel_stride + a->outputs;
  RECORD(winograd, INPUT(a->planes, planes), SIZE(a->channels), SIZE(a->plane_stride),
         INPUT(a->scales, a->channels), INPUT(a->shifts, a->channels), KIND(a->activation.kind),
         REAL(a->activation.slope), INPUT(a->weights, weights), SIZE(a->weight_place_stride),
         SIZE(a->weight_channel_stride), SIZE(a->outputs), SIZE(a->height), SIZE(a->width),
         VECTORS(a->initial, a->outputs * area), INPUT(a->bias, a->outputs),
         VECTOR_RESULTS(a->out, a->outputs * area), VECTOR_RESULTS(a->moments, 2 * a->outputs),
         VECTORS(a->work, rso_winograd_work(a->channels, a->outputs, a->width)));
}

static void add_affine(const float *in, size_t count, float scale, float shift, float *out) {
  RECORD(add_affine, VECTORS(in, count), SIZE(count), REAL(scale), REAL(shift),
         VECTOR_RESULTS(out, count));
}

static size_t tap_floats(const rso_tap *tap) {
  return rows(tap->height, tap->row_step, 1) + (tap->width - 1) * tap->pixel_step;
}

static void add_tap(float *z, const rso_tap *tap, float amount) {
  RECORD(add_tap, VECTOR_RESULTS(z, tap->height * tap->width), INPUT(tap->map, tap_floats(tap)),
         SIZE(tap->row_step), SIZE(tap->pixel_step), SIZE(tap->height), SIZE(tap->width), REAL(amount));
}

static void copy_tap(const rso_tap *tap, float *out) {
  RECORD(copy_tap, INPUT(tap->map, tap_floats(tap)), SIZE(tap->row_step), SIZE(tap->pixel_step),
         SIZE(tap->height), SIZE(tap->width), VECTOR_RESULTS(out, tap->height * tap->width));
}

static void moments(const float *tensor, size_t channels, size_t count, size_t valid, size_t slot,
                    double *sums) {
  (void)slot;  // A chunk begins at slot 0.
  RECORD_VALID(moments, valid, VECTORS(tensor, channels * count), SIZE(channels), SIZE(count), SUMS(sums, 2 * channels));
}

static void add_moments(const float *running, size_t outputs, size_t valid, size_t slot, double *sums) {
  (void)slot;  // A chunk begins at slot 0.
  RECORD_VALID(add_moments, valid, VECTORS(running, 2 * outputs), SIZE(outputs),
         SUMS(sums, 2 * outputs));
}

static void joint_moments(const float *z, const float *x, size_t count, size_t valid, size_t slot,
                          double *sums) {
  (void)slot;  // A chunk begins at slot 0.
  RECORD_VALID(joint_moments, valid, VECTORS(z, count), VECTORS(x, count), SIZE(count),
         SUMS(sums, 5));
}

static void loss(rso_loss loss, const rso_loss_terms *terms, const float *logits, size_t classes,
                 const int32_t *labels, size_t valid, size_t slot, double *sums) {
  (void)slot;  // A chunk begins at slot 0.
  RECORD_VALID(loss, valid, KIND(loss), REAL(terms->parameter), INPUT(terms->weights, classes),
         INPUT(terms->costs, classes * classes), VECTORS(logits, classes), SIZE(classes),
         VECTORS(labels, 1), SUMS(sums, 1));
}

static void target_loss(rso_target_loss loss, const rso_loss_terms *terms, const float *outputs,
                        const float *targets, size_t count, size_t valid, size_t slot, double *sums) {
  (void)slot;  // A chunk begins at slot 0.
  RECORD_VALID(target_loss, valid, KIND(loss), REAL(terms->parameter), INPUT(terms->weights, count),
         VECTORS(outputs, count), VECTORS(targets, count), SIZE(count), SUMS(sums, 1));
}

static const rso_kernels table = {
    .name = "opencl",
    .lanes = DEVICE_LANES,
    .pack = pack,
    .pack_floats = pack_floats,
    .fill = fill,
    .copy = copy,
    .copy_rows = copy_rows,
    .affine = affine,
    .candidate = candidate,
    .average_pool = average_pool,
    .pool = pool,
    .normalize = normalize,
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
    .loss = loss,
    .target_loss = target_loss,
};

const void *rso_session_table(void) { return &table; }
