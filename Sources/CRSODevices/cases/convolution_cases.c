#include "cases.h"

#include <stdio.h>

typedef enum { from_zero, from_bias, from_initial } start;

typedef struct {
  // Output pixels, channels, outputs.
  size_t height, width, channels, outputs;
  size_t kernel_height, kernel_width, padding, step;
  start start;
  bool moments, without_output;
  // Outputs of a larger layer that are left out before these, and channels after these.
  size_t skipped;
  // Through batch norm and ReLU, into planes with a frame.
  bool entering;
  // Products and their sums are denormal.
  bool is_denormal;
  // Pixels from one tap to the next; 0: 1.
  size_t dilation;
} convolution;

static void convolution_case(const rso_kernels *table, const case_report *report, const convolution *c) {
  trial t = begin(table, report);
  const size_t lanes = table->lanes, area = c->height * c->width;
  // A pooled layer's map holds box sums, in which no row is all padding.
  const bool pooled = c->step >= 2 || c->dilation > 1;
  const size_t dilation = c->dilation ? c->dilation : 1;
  const size_t map_height = c->step * (c->height - 1) + dilation * (c->kernel_height - 1) + 1;
  const size_t map_width = c->step * (c->width - 1) + dilation * (c->kernel_width - 1) + 1;
  const size_t padding = pooled ? 0 : c->padding, stride = map_height * map_width + 3;
  const size_t kernel = c->kernel_height * c->kernel_width;
  const size_t fan_in = (c->channels + c->skipped) * kernel;
  float *map = allocate(&t, c->channels * stride);
  float *weights = allocate(&t, (c->outputs + c->skipped) * fan_in);
  float *bias = allocate(&t, c->outputs);
  const size_t frame = c->entering, out_row = c->width + 2 * frame;
  const size_t out_plane = (c->height + 2 * frame) * out_row;
  float *initial = allocate(&t, c->outputs * area), *out = allocate(&t, c->outputs * out_plane);
  float *moments = allocate(&t, 2 * c->outputs);
  fill_weights(11, (c->outputs + c->skipped) * fan_in, weights);
  fill_weights(12, c->outputs, bias);
  for (size_t b = 0; b < t.blocks; b++) {
    for (size_t k = 0; k < c->channels; k++)
      fill_map(&t, 20 + (uint32_t)k, b, map_height, map_width, padding, map + k * stride * lanes);
    for (size_t i = 0; c->is_denormal && i < c->channels * stride * lanes; i++) map[i] *= 0x1p-130f;
    fill(&t, 13, b, c->outputs * area, initial);
    fill(&t, 14, b, 2 * c->outputs, moments);
    const rso_convolution arguments = {
        .map = map, .channels = c->channels, .channel_stride = stride * lanes,
        .row_stride = dilation * map_width * lanes, .row_step = c->step * map_width * lanes,
        .pixel_step = c->step, .tap_step = dilation, .kernel_height = c->kernel_height,
        .kernel_width = c->kernel_width, .row_begin = padding,
        .row_end = map_height - padding, .row_step_count = c->step,
        .weights = weights + c->skipped * fan_in, .weight_output_stride = fan_in,
        .weight_channel_stride = kernel, .outputs = c->outputs, .height = c->height,
        .width = c->width, .initial = c->start == from_initial ? initial : NULL,
        .next_initial = c->start == from_initial ? initial : NULL,
        .bias = c->start == from_bias ? bias : NULL,
        .out = c->without_output ? NULL : out + frame * (out_row + 1) * lanes,
        .out_row_stride = out_row * lanes, .out_plane_stride = out_plane * lanes,
        .scales = c->entering ? weights : NULL, .shifts = c->entering ? bias : NULL,
        .moments = c->moments ? moments : NULL};
    table->convolve(&arguments);
    if (!c->without_output) add(&t, b, out, c->outputs * out_plane);
    if (c->moments) add(&t, b, moments, 2 * c->outputs);
  }
  release(map);
  release(weights);
  release(bias);
  release(initial);
  release(out);
  release(moments);
  static const char *const starts[] = {"zero", "bias", "initial"};
  finish(kernel_convolve, &t, "convolve %zux%zu, step %zu, dilation %zu, %zu to %zu of %zux%zu, from %s%s%s%s%s%s",
         c->kernel_height, c->kernel_width, c->step, dilation, c->channels, c->outputs, c->height, c->width,
         starts[c->start], c->moments ? ", moments" : "", c->without_output ? " alone" : "",
         c->skipped ? ", a part" : "", c->entering ? ", entering" : "", c->is_denormal ? ", denormal" : "");
}

void convolution_cases(const rso_kernels *table, const case_report *report) {
  // Every width of a tile, alone and followed by others.
  for (size_t width = 1; width <= 17; width++)
    for (size_t step = 1; step <= 2; step++)
      for (size_t kernel = 1; kernel <= 5; kernel += 2) {
        const convolution c = {.height = 3, .width = width, .channels = 3, .outputs = 5,
                               .kernel_height = kernel, .kernel_width = kernel,
                               .padding = kernel / 2, .step = step, .start = width % 3,
                               .moments = width % 2};
        if (step == 1 && 3 + kernel - 1 <= 2 * c.padding) continue;
        convolution_case(table, report, &c);
      }
  // Steps and dilations that are known at run time only.
  for (size_t width = 1; width <= 17; width += width < 9 ? 1 : 4)
    for (size_t step = 1; step <= 3; step++)
      for (size_t dilation = step == 3 ? 1 : 2; dilation <= 3; dilation++) {
        const convolution c = {.height = 2, .width = width, .channels = 2, .outputs = 1 + width,
                               .kernel_height = 3, .kernel_width = 2 + width % 2, .step = step,
                               .dilation = dilation, .start = width % 3, .moments = width % 2};
        convolution_case(table, report, &c);
      }
  for (size_t step = 1; step <= 2; step++) {
    const convolution c = {.height = 5, .width = 7, .channels = 4, .outputs = 6, .kernel_height = 3,
                           .kernel_width = 3, .padding = 1, .step = step, .moments = true,
                           .is_denormal = true};
    convolution_case(table, report, &c);
  }
  // Every number of outputs that accumulators are shared out for.
  for (size_t outputs = 1; outputs <= 19; outputs++)
    for (size_t channels = 1; channels <= 16; channels += channels == 1 ? 1 : 14) {
      const convolution c = {.height = 7, .width = 7, .channels = channels, .outputs = outputs,
                             .kernel_height = 3, .kernel_width = 3, .padding = 1, .step = 1,
                             .start = outputs % 3, .moments = true,
                             .without_output = channels == 1 && outputs % 2};
      convolution_case(table, report, &c);
    }
  static const convolution others[] = {
      // Layers of the presets.
      {28, 28, 1, 16, 3, 3, 1, 1, from_zero, false, false, 0, false, false, 1},
      {14, 14, 16, 16, 3, 3, 1, 2, from_bias, true, false, 0, false, false, 1},
      {14, 14, 1, 16, 3, 3, 1, 1, from_initial, true, true, 0, false, false, 1},
      {16, 16, 16, 32, 1, 1, 0, 1, from_initial, true, false, 0, false, false, 1},
      // Into the next convolution's maps.
      {14, 14, 1, 3, 3, 3, 1, 1, from_initial, false, false, 4, true, false, 1},
      {5, 11, 1, 7, 3, 3, 1, 1, from_initial, true, false, 0, true, false, 1},
      {6, 9, 2, 5, 3, 3, 1, 2, from_bias, false, false, 0, true, false, 1},
      // Linear layers: of planes, and of single values.
      {1, 1, 16, 10, 7, 7, 0, 1, from_zero, false, false, 0, false, false, 1},
      {1, 1, 784, 37, 1, 1, 0, 1, from_bias, true, false, 0, false, false, 1},
      // A few channels and outputs of a larger layer.
      {9, 11, 2, 3, 3, 3, 1, 1, from_initial, true, false, 4, false, false, 1},
      {6, 5, 1, 7, 3, 3, 1, 2, from_initial, true, false, 5, false, false, 1},
      // Kernels that are not square.
      {4, 6, 3, 4, 2, 5, 0, 1, from_bias, false, false, 0, false, false, 1},
      {4, 6, 3, 4, 5, 2, 0, 1, from_bias, false, false, 0, false, false, 1},
      {4, 6, 3, 4, 4, 4, 1, 2, from_bias, false, false, 0, false, false, 1},
  };
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) convolution_case(table, report, &others[i]);
}
