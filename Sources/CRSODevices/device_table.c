#include "device_table.h"

#include "include/rso_devices.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The functions of a table have no argument for the device.
static _Thread_local struct {
  const opencl_library *cl;
  opencl_handle context, queue, program;
  char error[200];
} device;

static bool failed(const char *action, opencl_status status) {
  if (status == 0) return false;
  if (!*device.error)
    snprintf(device.error, sizeof device.error, "%s: %s (%d)", action, opencl_error(status), status);
  return true;
}

typedef struct {
  // The value of a number; null for memory that is null.
  const void *value;
  size_t size;
  // Copied to the device before the launch.
  bool is_memory;
  // Copied back after it.
  bool is_result;
} argument;

#define NUMBER(type, x) {&(const type){x}, sizeof(type), false, false}
#define SIZE(x) NUMBER(uint64_t, x)
#define KIND(x) NUMBER(int32_t, (int32_t)(x))
#define REAL(x) NUMBER(float, x)
#define INPUT(p, count) {p, (count) * sizeof *(p), true, false}
#define RESULT(p, count) {p, (count) * sizeof *(p), true, true}
// `count` vectors.
#define VECTORS(p, count) INPUT(p, (count) * DEVICE_LANES)
#define VECTOR_RESULTS(p, count) RESULT(p, (count) * DEVICE_LANES)

enum { most_arguments = 32 };

static void launch(const char *name, const argument *arguments, size_t count) {
  if (*device.error) return;
  const opencl_library *cl = device.cl;
  opencl_handle buffers[most_arguments] = {0};
  opencl_status status;
  opencl_handle kernel = cl->clCreateKernel(device.program, name, &status);
  if (failed(name, status)) return;
  for (size_t i = 0; i < count; i++) {
    const argument *a = arguments + i;
    const void *value = a->value;
    if (a->is_memory && a->value) {
      buffers[i] = cl->clCreateBuffer(device.context, opencl_read_write | opencl_copy_from_host,
                                      a->size, (void *)a->value, &status);
      if (failed(name, status)) goto release;
    }
    if (a->is_memory) value = buffers + i;
    status = cl->clSetKernelArg(kernel, (uint32_t)i, a->is_memory ? sizeof *buffers : a->size, value);
    if (failed(name, status)) goto release;
  }
  const size_t items = DEVICE_LANES;
  status = cl->clEnqueueNDRangeKernel(device.queue, kernel, 1, 0, &items, &items, 0, 0, 0);
  if (failed(name, status)) goto release;
  for (size_t i = 0; i < count; i++)
    if (arguments[i].is_result && buffers[i]) {
      status = cl->clEnqueueReadBuffer(device.queue, buffers[i], 1, 0, arguments[i].size,
                                       (void *)arguments[i].value, 0, 0, 0);
      if (failed(name, status)) goto release;
    }
release:
  for (size_t i = 0; i < count; i++)
    if (buffers[i]) cl->clReleaseMemObject(buffers[i]);
  cl->clReleaseKernel(kernel);
}

#define LAUNCH(name, ...)                                                   \
  do {                                                                      \
    const argument arguments_[] = {__VA_ARGS__};                            \
    _Static_assert(sizeof arguments_ <= most_arguments * sizeof(argument),  \
                   "too many arguments");                                   \
    launch("run_" #name, arguments_, sizeof arguments_ / sizeof *arguments_); \
  } while (false)

// Floats of `height` rows of `width` vectors.
static size_t rows(size_t height, size_t row_stride, size_t width) {
  return (height - 1) * row_stride + width * DEVICE_LANES;
}

static void pack(const uint8_t *const *samples, size_t count, const float *values, float *out) {
  enum { part = 1024 };
  uint8_t bytes[DEVICE_LANES * part];
  for (size_t first = 0; first < count; first += part) {
    const size_t here = count - first < part ? count - first : part;
    for (size_t lane = 0; lane < DEVICE_LANES; lane++)
      memcpy(bytes + lane * here, samples[lane] + first, here);
    float *to = out + first * DEVICE_LANES;
    LAUNCH(pack, INPUT(bytes, DEVICE_LANES * here), SIZE(here), INPUT(values, 256),
           VECTOR_RESULTS(to, here));
  }
}

static void affine(const float *in, size_t height, size_t width, float scale, float shift,
                   rso_activation activation, float *out, size_t out_row_stride) {
  LAUNCH(affine, VECTORS(in, height * width), SIZE(height), SIZE(width), REAL(scale), REAL(shift),
         KIND(activation.kind), REAL(activation.slope), RESULT(out, rows(height, out_row_stride, width)),
         SIZE(out_row_stride));
}

static void candidate(const float *in, const float *tap, float amount, float offset, size_t height,
                      size_t width, float scale, float shift, rso_activation activation, float *out,
                      size_t out_row_stride) {
  LAUNCH(candidate, VECTORS(in, height * width), VECTORS(tap, height * width), REAL(amount),
         REAL(offset), SIZE(height), SIZE(width), REAL(scale), REAL(shift), KIND(activation.kind),
         REAL(activation.slope), RESULT(out, rows(height, out_row_stride, width)),
         SIZE(out_row_stride));
}

static void average_pool(const float *in, size_t height, size_t width, float *out) {
  if (height < 2 || width < 2) return;
  LAUNCH(average_pool, VECTORS(in, height * width), SIZE(height), SIZE(width),
         VECTOR_RESULTS(out, (height / 2) * (width / 2)));
}

static void pool(const rso_pool *a, const float *in, float *out) {
  LAUNCH(pool, KIND(a->maximum), SIZE(a->height), SIZE(a->width), SIZE(a->kernel_height),
         SIZE(a->kernel_width), SIZE(a->stride_height), SIZE(a->stride_width), SIZE(a->padding_top),
         SIZE(a->padding_left), SIZE(a->out_height), SIZE(a->out_width),
         VECTORS(in, a->height * a->width), VECTOR_RESULTS(out, a->out_height * a->out_width));
}

static void normalize(float *values, size_t count, float epsilon) {
  LAUNCH(normalize, VECTOR_RESULTS(values, count), SIZE(count), REAL(epsilon));
}

static void global_maximum(const float *in, size_t count, float *out) {
  LAUNCH(global_maximum, VECTORS(in, count), SIZE(count), VECTOR_RESULTS(out, 1));
}

static void global_average(const float *in, size_t count, float *out) {
  LAUNCH(global_average, VECTORS(in, count), SIZE(count), VECTOR_RESULTS(out, 1));
}

static void box_sum(const float *map, size_t height, size_t width, float *out) {
  if (height < 2 || width < 2) return;
  LAUNCH(box_sum, VECTORS(map, height * width), SIZE(height), SIZE(width),
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
  LAUNCH(convolve, INPUT(a->map, map), SIZE(a->channels), SIZE(a->channel_stride), SIZE(a->row_stride),
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
  LAUNCH(winograd, INPUT(a->planes, planes), SIZE(a->channels), SIZE(a->plane_stride),
         INPUT(a->scales, a->channels), INPUT(a->shifts, a->channels), KIND(a->activation.kind),
         REAL(a->activation.slope), INPUT(a->weights, weights), SIZE(a->weight_place_stride),
         SIZE(a->weight_channel_stride), SIZE(a->outputs), SIZE(a->height), SIZE(a->width),
         VECTORS(a->initial, a->outputs * area), INPUT(a->bias, a->outputs),
         VECTOR_RESULTS(a->out, a->outputs * area), VECTOR_RESULTS(a->moments, 2 * a->outputs),
         VECTORS(a->work, rso_winograd_work(a->channels, a->outputs, a->width)));
}

static void add_affine(const float *in, size_t count, float scale, float shift, float *out) {
  LAUNCH(add_affine, VECTORS(in, count), SIZE(count), REAL(scale), REAL(shift),
         VECTOR_RESULTS(out, count));
}

static size_t tap_floats(const rso_tap *tap) {
  return rows(tap->height, tap->row_step, 1) + (tap->width - 1) * tap->pixel_step;
}

static void add_tap(float *z, const rso_tap *tap, float amount) {
  LAUNCH(add_tap, VECTOR_RESULTS(z, tap->height * tap->width), INPUT(tap->map, tap_floats(tap)),
         SIZE(tap->row_step), SIZE(tap->pixel_step), SIZE(tap->height), SIZE(tap->width), REAL(amount));
}

static void copy_tap(const rso_tap *tap, float *out) {
  LAUNCH(copy_tap, INPUT(tap->map, tap_floats(tap)), SIZE(tap->row_step), SIZE(tap->pixel_step),
         SIZE(tap->height), SIZE(tap->width), VECTOR_RESULTS(out, tap->height * tap->width));
}

static void moments(const float *tensor, size_t channels, size_t count, size_t valid, size_t slot,
                    double *sums) {
  LAUNCH(moments, VECTORS(tensor, channels * count), SIZE(channels), SIZE(count), SIZE(valid),
         SIZE(slot), RESULT(sums, 2 * channels * RSO_FOLD));
}

static void add_moments(const float *running, size_t outputs, size_t valid, size_t slot, double *sums) {
  LAUNCH(add_moments, VECTORS(running, 2 * outputs), SIZE(outputs), SIZE(valid), SIZE(slot),
         RESULT(sums, 2 * outputs * RSO_FOLD));
}

static void joint_moments(const float *z, const float *x, size_t count, size_t valid, size_t slot,
                          double *sums) {
  LAUNCH(joint_moments, VECTORS(z, count), VECTORS(x, count), SIZE(count), SIZE(valid), SIZE(slot),
         RESULT(sums, 5 * RSO_FOLD));
}

static void loss(rso_loss loss, const rso_loss_terms *terms, const float *logits, size_t classes,
                 const int32_t *labels, size_t valid, size_t slot, double *sums) {
  LAUNCH(loss, KIND(loss), REAL(terms->parameter), INPUT(terms->weights, classes),
         INPUT(terms->costs, classes * classes), VECTORS(logits, classes), SIZE(classes),
         VECTORS(labels, 1), SIZE(valid), SIZE(slot), RESULT(sums, RSO_FOLD));
}

static void target_loss(rso_target_loss loss, const rso_loss_terms *terms, const float *outputs,
                        const float *targets, size_t count, size_t valid, size_t slot, double *sums) {
  LAUNCH(target_loss, KIND(loss), REAL(terms->parameter), VECTORS(outputs, count),
         VECTORS(targets, count), SIZE(count), SIZE(valid), SIZE(slot), RESULT(sums, RSO_FOLD));
}

static const rso_kernels table = {
    .name = "opencl",
    .lanes = DEVICE_LANES,
    .pack = pack,
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

static void close(void) {
  const opencl_library *cl = device.cl;
  if (device.program) cl->clReleaseProgram(device.program);
  if (device.queue) cl->clReleaseCommandQueue(device.queue);
  if (device.context) cl->clReleaseContext(device.context);
  device.context = device.queue = device.program = 0;
  *device.error = 0;
}

// Appends the compiler's messages to an error, as many as fit.
static void append_log(opencl_handle id, char *why, size_t room) {
  size_t size = 0, length = strlen(why);
  if (device.cl->clGetProgramBuildInfo(device.program, id, opencl_program_build_log, 0, 0, &size)) return;
  char *log = malloc(size + 1);
  if (!log) return;
  if (!device.cl->clGetProgramBuildInfo(device.program, id, opencl_program_build_log, size, log, 0)) {
    log[size] = 0;
    snprintf(why + length, room - length, ":\n%s", log);
  }
  free(log);
}

const rso_kernels *rso_device_table(const opencl_library *library, opencl_handle id,
                                    bool has_correct_division, const char *options, char *why,
                                    size_t room) {
  close();
  device.cl = library;
  opencl_status status;
  device.context = library->clCreateContext(0, 1, &id, 0, 0, &status);
  if (failed("cannot open the device", status)) goto refuse;
  device.queue = library->clCreateCommandQueue(device.context, id, 0, &status);
  if (failed("cannot open a queue", status)) goto refuse;
  char *source = rso_device_source();
  if (failed("cannot read the kernels", source ? 0 : -6)) goto refuse;
  device.program =
      library->clCreateProgramWithSource(device.context, 1, (const char **)&source, 0, &status);
  free(source);
  if (failed("cannot read the kernels", status)) goto refuse;
  char all[400];
  snprintf(all, sizeof all, "-cl-std=CL1.2 -DLANES=%d %s %s", DEVICE_LANES,
           has_correct_division ? "-cl-fp32-correctly-rounded-divide-sqrt" : "", options);
  status = library->clBuildProgram(device.program, 1, &id, all, 0, 0);
  if (!failed("cannot compile the kernels", status)) return &table;
  snprintf(why, room, "%s", device.error);
  append_log(id, why, room);
  return 0;
refuse:
  snprintf(why, room, "%s", device.error);
  return 0;
}

const char *rso_device_table_error(void) { return *device.error ? device.error : 0; }
