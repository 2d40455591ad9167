// bf16 is an arithmetic of its own, with the rounding of one instruction set: it is held to its
// definition, in plain loops.

#include "pair_cases.h"

#include <math.h>
#include <string.h>

// Rounds to the nearest bf16 number, to an even one between two.
static float rounded(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  bits = (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000;
  memcpy(&x, &bits, sizeof bits);
  return x;
}

static uint32_t joined(float even, float odd) {
  uint32_t below, above;
  even = rounded(even);
  odd = rounded(odd);
  memcpy(&below, &even, sizeof below);
  memcpy(&above, &odd, sizeof above);
  return above | below >> 16;
}

static void pair_case(const rso_kernels *table, const case_report *report, size_t count, bool with_odd) {
  trial t = begin(table, report);
  float *even = allocate(&t, count), *odd = allocate(&t, count), *out = allocate(&t, count);
  size_t wrong = 0;
  for (size_t b = 0; b < t.blocks; b++) {
    fill(&t, 31, b, count, even);
    fill(&t, 32, b, count, odd);
    table->pair(even, with_odd ? odd : NULL, count, out);
    for (size_t i = 0; i < count * table->lanes; i++) {
      if (even[i] != even[i]) continue;
      uint32_t bits;
      memcpy(&bits, out + i, sizeof bits);
      const float weights = rso_pair_weights(even[i], with_odd ? odd[i] : 0);
      wrong += bits != joined(even[i], with_odd ? odd[i] : 0);
      wrong += memcmp(&weights, &bits, sizeof bits) != 0;
    }
    add(&t, b, out, count);
  }
  if (wrong) fault(report, "%s: pair of %zu pixels: %zu wrong", table->name, count, wrong);
  release(even);
  release(odd);
  release(out);
  finish(kernel_pair, &t, "pair %zu pixels%s", count, with_odd ? "" : ", even alone");
}

typedef struct {
  size_t height, width, channels, outputs, kernel, padding, step;
} convolution;

static float weight(const convolution *c, size_t o, size_t k, size_t place) {
  return value(33, SAMPLES, (o * c->channels + k) * c->kernel * c->kernel + place);
}

// One output pixel of one sample of the block, from the channels' maps.
//
// - Parameter bound: What the products may add up to, for the tolerance.
static double definition(const convolution *c, const float *maps, size_t stride, size_t map_width,
                         size_t lanes, size_t lane, size_t o, size_t y, size_t x,
                         double *bound) {
  double sum = 0;
  for (size_t k = 0; k < c->channels; k++)
    for (size_t ky = 0; ky < c->kernel; ky++)
      for (size_t kx = 0; kx < c->kernel; kx++) {
        const size_t at = (y * c->step + ky) * map_width + x * c->step + kx;
        const double product = (double)rounded(maps[(k * stride + at) * lanes + lane]) *
                               rounded(weight(c, o, k, ky * c->kernel + kx));
        sum += product;
        *bound += fabs(product);
      }
  return sum;
}

static void convolve_case(const rso_kernels *table, const case_report *report, const convolution *c) {
  trial t = begin(table, report);
  const size_t lanes = table->lanes, area = c->height * c->width;
  const size_t map_height = c->step * (c->height - 1) + c->kernel;
  const size_t map_width = c->step * (c->width - 1) + c->kernel;
  const size_t stride = map_height * map_width, places = c->kernel * c->kernel;
  const size_t pairs = (c->channels + 1) / 2;
  float *maps = allocate(&t, c->channels * stride), *paired = allocate(&t, pairs * stride);
  float *weights = allocate(&t, c->outputs * pairs * places);
  float *initial = allocate(&t, c->outputs * area), *out = allocate(&t, c->outputs * area);
  for (size_t o = 0; o < c->outputs; o++)
    for (size_t k = 0; k < pairs; k++)
      for (size_t place = 0; place < places; place++)
        weights[(o * pairs + k) * places + place] = rso_pair_weights(
            weight(c, o, 2 * k, place),
            2 * k + 1 < c->channels ? weight(c, o, 2 * k + 1, place) : 0);
  double worst = 0;
  for (size_t b = 0; b < t.blocks; b++) {
    for (size_t k = 0; k < c->channels; k++)
      fill_map(&t, 40 + (uint32_t)k, b, map_height, map_width, c->padding,
               maps + k * stride * lanes);
    for (size_t k = 0; k < pairs; k++)
      table->pair(maps + 2 * k * stride * lanes,
                  2 * k + 1 < c->channels ? maps + (2 * k + 1) * stride * lanes : NULL, stride,
                  paired + k * stride * lanes);
    fill(&t, 34, b, c->outputs * area, initial);
    const rso_convolution arguments = {
        .map = paired, .channels = pairs, .channel_stride = stride * lanes,
        .row_stride = map_width * lanes, .row_step = c->step * map_width * lanes,
        .pixel_step = c->step, .tap_step = 1, .kernel_height = c->kernel, .kernel_width = c->kernel,
        .row_begin = c->padding, .row_end = map_height - c->padding, .row_step_count = c->step,
        .weights = weights, .weight_output_stride = pairs * places,
        .weight_channel_stride = places, .outputs = c->outputs, .height = c->height,
        .width = c->width, .initial = initial, .out = out, .out_row_stride = c->width * lanes,
        .out_plane_stride = area * lanes};
    table->convolve_pairs(&arguments);
    add(&t, b, out, c->outputs * area);
    for (size_t o = 0; o < c->outputs; o++)
      for (size_t i = 0; i < area; i++)
        for (size_t lane = 0; lane < valid(&t, b); lane++) {
          const size_t at = (o * area + i) * lanes + lane;
          double bound = fabs(initial[at]);
          const double expected =
              initial[at] + definition(c, maps, stride, map_width, lanes, lane, o, i / c->width,
                                       i % c->width, &bound);
          const double error = fabs(out[at] - expected) / bound;
          // So that what is not a number counts as an error.
          if (!(error <= worst)) worst = error;
        }
  }
  // The products of bf16 numbers are exact; each sum of them to a float rounds by half a unit.
  const double tolerance = (double)(c->channels * places + 1) * 0x1p-24;
  if (!(worst <= tolerance))
    fault(report, "%s: convolve_pairs %zux%zu, %zu to %zu of %zux%zu: off by %g of the sum of magnitudes, "
          "more than %g", table->name, c->kernel, c->kernel, c->channels, c->outputs, c->height,
          c->width, worst, tolerance);
  release(maps);
  release(paired);
  release(weights);
  release(initial);
  release(out);
  finish(kernel_convolve_pairs, &t, "convolve_pairs %zux%zu, step %zu, %zu to %zu of %zux%zu",
         c->kernel, c->kernel, c->step, c->channels, c->outputs, c->height, c->width);
}

void pair_cases(const rso_kernels *table, const case_report *report) {
  static const size_t counts[] = {1, 7, 225};
  for (size_t i = 0; i < 3; i++)
    for (int odd = 0; odd < 2; odd++) pair_case(table, report, counts[i], odd);
  static const convolution cases[] = {
      {1, 1, 1, 1, 1, 0, 1},  {3, 5, 2, 3, 1, 0, 1},    {5, 7, 3, 5, 3, 1, 1},
      {7, 7, 16, 16, 3, 1, 1}, {14, 14, 16, 16, 3, 0, 2}, {6, 9, 5, 7, 3, 0, 2},
      {9, 11, 4, 9, 5, 2, 1}, {8, 8, 32, 16, 1, 0, 1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) convolve_case(table, report, &cases[i]);
}
