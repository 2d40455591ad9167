#include "cases.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A kernel that was added to the table must be added to KERNELS, and be given a case.
_Static_assert(sizeof(rso_kernels) == (2 + kernel_count) * sizeof(void *),
               "KERNELS does not list every kernel of the table");

void run_cases(const rso_kernels *table, const case_report *report) {
  plane_cases(table, report);
  sum_cases(table, report);
  convolution_cases(table, report);
  winograd_cases(table, report);
}

trial begin(const rso_kernels *table, const case_report *report) {
  trial t = {.table = table, .report = report, .blocks = (SAMPLES + table->lanes - 1) / table->lanes};
  for (size_t s = 0; s < SAMPLES; s++) t.hashes[s] = 0xcbf29ce484222325;
  return t;
}

// FNV-1a, eight bytes at a time.
static uint64_t hash(uint64_t state, uint64_t word) {
  for (int i = 0; i < 8; i++) state = (state ^ (word >> 8 * i & 0xff)) * 0x100000001b3;
  return state;
}

void finish(kernel_id kernel, const trial *trial, const char *format, ...) {
  uint64_t digest = 0;
  for (size_t s = 0; s < SAMPLES; s++) digest = hash(digest, trial->hashes[s]);
  char name[256];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(name, sizeof name, format, arguments);
  va_end(arguments);
  trial->report->result(trial->report->context, kernel, name, digest);
}

void fault(const case_report *report, const char *format, ...) {
  if (!report->fault) return;
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  report->fault(report->context, text);
}

size_t valid(const trial *trial, size_t block) {
  const size_t first = block * trial->table->lanes;
  return SAMPLES - first < trial->table->lanes ? SAMPLES - first : trial->table->lanes;
}

size_t slot(const trial *trial, size_t block) { return block * trial->table->lanes % RSO_FOLD; }

float *allocate(const trial *trial, size_t vectors) {
  const size_t count = vectors * trial->table->lanes;
  float *memory = aligned_alloc(64, (count * sizeof(float) + 63) / 64 * 64);
  if (!memory) {
    perror("kernels");
    exit(1);
  }
  for (size_t i = 0; i < count; i++) memory[i] = NAN;
  return memory;
}

void release(float *memory) { free(memory); }

// The finaliser of SplitMix64.
static uint64_t mix(uint64_t x) {
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  return x ^ x >> 31;
}

float value(uint32_t stream, size_t sample, size_t index) {
  const uint64_t bits = mix(mix(mix(stream + 1) + sample) + index);
  return ((float)(bits >> 40) - 0x1p23f) * 0x1p-23f;
}

void fill(const trial *trial, uint32_t stream, size_t block, size_t count, float *out) {
  const size_t lanes = trial->table->lanes, own = valid(trial, block);
  for (size_t i = 0; i < count; i++)
    for (size_t lane = 0; lane < lanes; lane++)
      out[i * lanes + lane] = lane < own ? value(stream, block * lanes + lane, i) : NAN;
}

void fill_map(const trial *trial, uint32_t stream, size_t block, size_t height, size_t width,
              size_t padding, float *out) {
  const size_t lanes = trial->table->lanes;
  fill(trial, stream, block, height * width, out);
  for (size_t y = 0; y < height; y++)
    for (size_t x = 0; x < width; x++)
      if (y < padding || y + padding >= height || x < padding || x + padding >= width)
        memset(out + (y * width + x) * lanes, 0, lanes * sizeof(float));
}

void fill_weights(uint32_t stream, size_t count, float *out) {
  for (size_t i = 0; i < count; i++) out[i] = value(stream, SAMPLES, i);
}

void add(trial *trial, size_t block, const float *tensor, size_t count) {
  const size_t lanes = trial->table->lanes;
  for (size_t lane = 0; lane < valid(trial, block); lane++) {
    uint64_t *state = &trial->hashes[block * lanes + lane];
    for (size_t i = 0; i < count; i++) {
      const float x = tensor[i * lanes + lane];
      // Processors differ in the NaN that they make.
      uint32_t bits = 0x7fc00000;
      if (x == x) memcpy(&bits, &x, sizeof bits);
      *state = hash(*state, bits);
    }
  }
}

void add_sums(trial *trial, const double *sums, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint64_t bits = 0x7ff8000000000000;
    if (sums[i] == sums[i]) memcpy(&bits, &sums[i], sizeof bits);
    trial->hashes[0] = hash(trial->hashes[0], bits);
  }
}
