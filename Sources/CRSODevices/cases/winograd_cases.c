#include "cases.h"

typedef struct {
  size_t height, width, channels, outputs;
  bool affine;
  rso_activation_kind activation;
  const char *start;
  bool moments;
  // Channels and outputs of a larger layer that are left out.
  size_t skipped;
} filtering;

static void winograd_case(const rso_kernels *table, const case_report *report, const filtering *c) {
  trial t = begin(table, report);
  const size_t lanes = table->lanes, area = c->height * c->width, stride = area + 2;
  const size_t inputs = c->channels + c->skipped, all = c->outputs + c->skipped;
  float *planes = allocate(&t, c->channels * stride), *weights = allocate(&t, inputs * all * 36);
  float *initial = allocate(&t, c->outputs * area), *out = allocate(&t, c->outputs * area);
  float *moments = allocate(&t, 2 * c->outputs), *affine = allocate(&t, 3 * (inputs + all));
  float *work = allocate(&t, rso_winograd_work(c->channels, c->outputs, c->width));
  fill_weights(15, 3 * (inputs + all), affine);
  for (size_t i = 0; i < inputs; i++)
    for (size_t o = 0; o < all; o++) {
      float kernel[9];
      fill_weights(1000 + (uint32_t)(i * all + o), 9, kernel);
      rso_winograd_weights(kernel, weights + i * all + o, inputs * all);
    }
  for (size_t b = 0; b < t.blocks; b++) {
    for (size_t k = 0; k < c->channels; k++)
      fill(&t, 20 + (uint32_t)k, b, area, planes + k * stride * lanes);
    fill(&t, 16, b, c->outputs * area, initial);
    fill(&t, 17, b, 2 * c->outputs, moments);
    const rso_winograd arguments = {
        .planes = planes, .channels = c->channels, .plane_stride = stride * lanes,
        .scales = c->affine ? affine : NULL, .shifts = c->affine ? affine + inputs : NULL,
        
        .activation = {c->activation, 0.1f}, .weights = weights + c->skipped * all + c->skipped,
        .weight_place_stride = inputs * all, .weight_channel_stride = all,
        .outputs = c->outputs, .height = c->height, .width = c->width,
        .initial = *c->start == 'i' ? initial : NULL,
        .bias = *c->start == 'b' ? affine + 2 * inputs : NULL, .out = out,
        .moments = c->moments ? moments : NULL, .work = work};
    table->winograd(&arguments);
    add(&t, b, out, c->outputs * area);
    if (c->moments) add(&t, b, moments, 2 * c->outputs);
  }
  release(planes);
  release(weights);
  release(initial);
  release(out);
  release(moments);
  release(affine);
  release(work);
  finish(kernel_winograd, &t, "winograd %zu to %zu of %zux%zu, from %s%s%s%s%s", c->channels,
         c->outputs, c->height, c->width, c->start, c->affine ? ", affine" : "",
         c->activation == rso_identity ? "" : c->activation == rso_relu ? ", relu" : ", activated", c->moments ? ", moments" : "",
         c->skipped ? ", a part" : "");
}

void winograd_cases(const rso_kernels *table, const case_report *report) {
  // Tiles that hang over either edge, in one group and in several.
  for (size_t height = 1; height <= 9; height += 2)
    for (size_t width = 1; width <= 19; width += 3) {
      const filtering c = {height, width, 3, 5, true, rso_relu, "bias", true, 0};
      winograd_case(table, report, &c);
    }
  for (size_t outputs = 1; outputs <= 9; outputs++) {
    const filtering c = {7, 7, 4, outputs, true, rso_identity, "initial", true, 0};
    winograd_case(table, report, &c);
  }
  static const filtering others[] = {
      {14, 14, 16, 16, true, rso_relu, "zero", true, 0},
      {28, 28, 16, 16, true, rso_relu, "bias", true, 0},
      {32, 32, 16, 16, true, rso_relu, "zero", true, 0},
      {20, 40, 3, 4, true, rso_leaky_relu, "initial", true, 0},
      {7, 7, 16, 16, false, rso_relu, "initial", false, 0},
      {16, 16, 32, 32, true, rso_identity, "initial", true, 0},
      {8, 8, 1, 4, false, rso_identity, "zero", false, 0},
      {12, 4, 2, 3, true, rso_relu, "bias", true, 3},
      {14, 14, 16, 16, true, rso_leaky_relu, "zero", true, 0},
      {7, 7, 4, 5, true, rso_tanh, "bias", true, 0},
      {7, 7, 4, 5, true, rso_sign, "bias", true, 0},
      {7, 7, 4, 5, true, rso_step, "bias", true, 0},
  };
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) winograd_case(table, report, &others[i]);
}
