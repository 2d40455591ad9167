#include "cases.h"

#include <math.h>

typedef struct {
  size_t height, width;
} size;

static const size sizes[] = {{1, 1}, {1, 2}, {2, 3}, {3, 2}, {5, 7}, {7, 7}, {14, 14}, {28, 28}};
#define EACH_SIZE(s) for (const size *s = sizes; s < sizes + sizeof sizes / sizeof *sizes; s++)

static void pack_case(const rso_kernels *table, const case_report *report, size_t count) {
  trial t = begin(table, report);
  float values[256];
  fill_weights(1, 256, values);
  uint8_t bytes[SAMPLES][1024];
  for (size_t s = 0; s < SAMPLES; s++)
    for (size_t i = 0; i < count; i++) bytes[s][i] = (uint8_t)(value(2, s, i) * 128 + 128);
  static float floats[SAMPLES][1024];
  for (size_t s = 0; s < SAMPLES; s++) fill_weights((uint32_t)s, count, floats[s]);
  trial of_floats = begin(table, report);
  float *out = allocate(&t, count);
  for (size_t b = 0; b < t.blocks; b++) {
    int32_t order[MOST_LANES];
    for (size_t lane = 0; lane < table->lanes; lane++) {
      const size_t sample = b * table->lanes + lane;
      order[lane] = (int32_t)(sample < SAMPLES ? SAMPLES - 1 - sample : 0);
    }
    table->pack(bytes[0], sizeof bytes[0], order, count, values, out);
    add(&t, b, out, count);
    table->pack_floats(floats[0], sizeof floats[0] / sizeof(float), order, count, out);
    add(&of_floats, b, out, count);
  }
  release(out);
  finish(kernel_pack, &t, "pack %zu pixels", count);
  finish(kernel_pack_floats, &of_floats, "pack_floats %zu pixels", count);
}

static void move_case(const rso_kernels *table, const case_report *report, size_t count) {
  trial t = begin(table, report), filled = begin(table, report), rows = begin(table, report);
  float *in = allocate(&t, count), *out = allocate(&t, count);
  for (size_t b = 0; b < t.blocks; b++) {
    fill(&t, 21, b, count, in);
    table->copy(in, count, out);
    add(&t, b, out, count);
    for (size_t i = 0; i < count * table->lanes; i++) out[i] = NAN;
    table->copy_rows(in, count, valid(&t, b), out);
    // From rows to lanes, as other results lie.
    for (size_t lane = 0; lane < valid(&t, b); lane++)
      for (size_t i = 0; i < count; i++) in[i * table->lanes + lane] = out[lane * count + i];
    add(&rows, b, in, count);
    table->fill(-0.5f, count, out);
    add(&filled, b, out, count);
  }
  release(in);
  release(out);
  finish(kernel_copy, &t, "copy %zu vectors", count);
  finish(kernel_copy_rows, &rows, "copy_rows of %zu numbers", count);
  finish(kernel_fill, &filled, "fill %zu vectors", count);
}

typedef struct {
  rso_activation function;
  const char *name;
} activation;

static const activation activations[] = {
    {{rso_identity, 0}, "identity"}, {{rso_relu, 0}, "relu"}, {{rso_leaky_relu, 0.01f}, "leaky relu"},
    {{rso_tanh, 0}, "tanh"},         {{rso_sign, 0}, "sign"}, {{rso_step, 0}, "step"},
    {{rso_sigmoid, 0}, "sigmoid"},   {{rso_gelu, 0}, "gelu"}, {{rso_silu, 0}, "silu"},
    {{rso_elu, 0.7f}, "elu"},        {{rso_softplus, 0}, "softplus"},
    {{rso_hard_sigmoid, 0}, "hard sigmoid"}, {{rso_hard_swish, 0}, "hard swish"}};
#define EACH_ACTIVATION(a) \
  for (const activation *a = activations; a < activations + sizeof activations / sizeof *activations; a++)

static void affine_case(const rso_kernels *table, const case_report *report, size s, activation form, size_t room) {
  const size_t count = s.height * s.width, row = s.width + room;
  trial affine = begin(table, report), candidate = begin(table, report), sum = begin(table, report);
  float *in = allocate(&affine, count), *tap = allocate(&affine, count);
  float *out = allocate(&affine, s.height * row);
  for (size_t b = 0; b < affine.blocks; b++) {
    fill(&affine, 1, b, count, in);
    fill(&affine, 2, b, count, tap);
    table->affine(in, s.height, s.width, 1.7f, -0.1f, form.function, out, row * table->lanes);
    add(&affine, b, out, s.height * row);
    table->candidate(in, tap, 0.3f, -0.2f, s.height, s.width, 0.9f, 0.1f, form.function, out,
                     row * table->lanes);
    add(&candidate, b, out, s.height * row);
    table->add_affine(tap, count, 1.3f, 0.7f, in);
    add(&sum, b, in, count);
  }
  release(in);
  release(tap);
  release(out);
  finish(kernel_affine, &affine, "affine %zux%zu, rows %zu apart, %s", s.height, s.width, row,
         form.name);
  finish(kernel_candidate, &candidate, "candidate %zux%zu, rows %zu apart, %s", s.height, s.width,
         row, form.name);
  finish(kernel_add_affine, &sum, "add_affine %zu pixels, %s", count, form.name);
}

// An activation over its whole range: zeros, numbers of every size, denormal ones too, and what is not a number.
static void range_case(const rso_kernels *table, const case_report *report, activation form) {
  enum { smallest = -149, sizes = 159, count = 2 * sizes + 5 };
  static const float special[] = {0, -0.0f, INFINITY, -INFINITY, NAN};
  trial t = begin(table, report);
  float *in = allocate(&t, count), *out = allocate(&t, count);
  for (size_t b = 0; b < t.blocks; b++) {
    fill(&t, 18, b, count, in);
    for (size_t i = 0; i < count; i++)
      for (size_t lane = 0; lane < table->lanes; lane++) {
        float *x = in + i * table->lanes + lane;
        *x = i < 5 ? special[i] : ldexpf(*x, (int)(i - 5) % sizes + smallest);
      }
    table->affine(in, 1, count, 1, 0, form.function, out, count * table->lanes);
    add(&t, b, out, count);
  }
  release(in);
  release(out);
  finish(kernel_affine, &t, "affine of all sizes, %s", form.name);
}

static void pool_cases(const rso_kernels *table, const case_report *report, size s) {
  const size_t count = s.height * s.width;
  trial average = begin(table, report), box = begin(table, report), mean = begin(table, report), most = begin(table, report);
  float *in = allocate(&average, count), *out = allocate(&average, count);
  for (size_t b = 0; b < average.blocks; b++) {
    fill(&average, 3, b, count, in);
    table->average_pool(in, s.height, s.width, out);
    add(&average, b, out, (s.height / 2) * (s.width / 2));
    table->box_sum(in, s.height, s.width, out);
    add(&box, b, out, (s.height - 1) * (s.width - 1));
    table->global_average(in, count, out);
    add(&mean, b, out, 1);
    table->global_maximum(in, count, out);
    add(&most, b, out, 1);
    // One NaN in each sample, each time at another place: the output must have it too.
    for (size_t lane = 0; lane < table->lanes; lane += 2) {
      const size_t sample = b * table->lanes + lane;
      in[sample % count * table->lanes + lane] = sample % 4 ? NAN : INFINITY;
    }
    table->global_maximum(in, count, out);
    add(&most, b, out, 1);
  }
  release(in);
  release(out);
  finish(kernel_average_pool, &average, "average_pool %zux%zu", s.height, s.width);
  finish(kernel_box_sum, &box, "box_sum %zux%zu", s.height, s.width);
  finish(kernel_global_average, &mean, "global_average %zux%zu", s.height, s.width);
  finish(kernel_global_maximum, &most, "global_maximum %zux%zu", s.height, s.width);
}

static void window_case(const rso_kernels *table, const case_report *report, size s, const rso_pool *window) {
  const size_t count = s.height * s.width;
  rso_pool a = *window;
  a.height = s.height;
  a.width = s.width;
  const size_t rows = s.height + 2 * a.padding_top, columns = s.width + 2 * a.padding_left;
  if (rows < a.kernel_height || columns < a.kernel_width) return;
  a.out_height = (rows - a.kernel_height) / a.stride_height + 1;
  a.out_width = (columns - a.kernel_width) / a.stride_width + 1;
  trial t = begin(table, report);
  float *in = allocate(&t, count), *out = allocate(&t, a.out_height * a.out_width);
  for (size_t b = 0; b < t.blocks; b++) {
    fill(&t, 19, b, count, in);
    for (int maximum = 0; maximum < 2; maximum++) {
      a.maximum = maximum;
      table->pool(&a, in, out);
      add(&t, b, out, a.out_height * a.out_width);
    }
    // A NaN must reach every output whose window contains it.
    for (size_t lane = 0; lane < table->lanes; lane += 2)
      in[(b * table->lanes + lane) % count * table->lanes + lane] = NAN;
    table->pool(&a, in, out);
    add(&t, b, out, a.out_height * a.out_width);
  }
  release(in);
  release(out);
  finish(kernel_pool, &t, "pool %zux%zu, stride %zux%zu, padding %zux%zu, %zux%zu", a.kernel_height,
         a.kernel_width, a.stride_height, a.stride_width, a.padding_top, a.padding_left, s.height,
         s.width);
}

static void window_cases(const rso_kernels *table, const case_report *report, size s) {
  static const rso_pool windows[] = {
      {.kernel_height = 1, .kernel_width = 1, .stride_height = 2, .stride_width = 3},
      {.kernel_height = 2, .kernel_width = 2, .stride_height = 1, .stride_width = 1},
      {.kernel_height = 3, .kernel_width = 3, .stride_height = 2, .stride_width = 2,
       .padding_top = 1, .padding_left = 1},
      {.kernel_height = 2, .kernel_width = 5, .stride_height = 3, .stride_width = 1,
       .padding_top = 1, .padding_left = 4}};
  for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) window_case(table, report, s, windows + i);
}

static void normalize_case(const rso_kernels *table, const case_report *report, size_t count) {
  trial t = begin(table, report);
  float *values = allocate(&t, count);
  for (size_t b = 0; b < t.blocks; b++) {
    fill(&t, 6, b, count, values);
    table->normalize(values, count, 1e-5f);
    add(&t, b, values, count);
  }
  release(values);
  finish(kernel_normalize, &t, "normalize %zu numbers", count);
}

static void tap_cases(const rso_kernels *table, const case_report *report, size s, size_t step, size_t room) {
  const size_t row = s.width * step + room, count = s.height * s.width;
  trial sum = begin(table, report), copy = begin(table, report);
  float *map = allocate(&sum, s.height * step * row), *z = allocate(&sum, count);
  for (size_t b = 0; b < sum.blocks; b++) {
    fill(&sum, 4, b, s.height * step * row, map);
    fill(&sum, 5, b, count, z);
    const rso_tap tap = {.map = map, .row_step = step * row * table->lanes,
                         .pixel_step = step * table->lanes, .height = s.height, .width = s.width};
    table->add_tap(z, &tap, -0.37f);
    add(&sum, b, z, count);
    table->copy_tap(&tap, z);
    add(&copy, b, z, count);
  }
  release(map);
  release(z);
  finish(kernel_add_tap, &sum, "add_tap %zux%zu, step %zu", s.height, s.width, step);
  finish(kernel_copy_tap, &copy, "copy_tap %zux%zu, step %zu", s.height, s.width, step);
}

void plane_cases(const rso_kernels *table, const case_report *report) {
  pack_case(table, report, 1);
  pack_case(table, report, 49);
  pack_case(table, report, 784);
  move_case(table, report, 1);
  move_case(table, report, 50);
  EACH_ACTIVATION(a) range_case(table, report, *a);
  EACH_SIZE(s) {
    EACH_ACTIVATION(a) affine_case(table, report, *s, *a, 0);
    affine_case(table, report, *s, activations[1], 3);
    pool_cases(table, report, *s);
    tap_cases(table, report, *s, 1, 2);
    tap_cases(table, report, *s, 2, 1);
    tap_cases(table, report, *s, 3, 0);
    window_cases(table, report, *s);
    normalize_case(table, report, s->height * s->width);
  }
}
