// The table of cases of the kernels, and what they share: samples that do not depend on how many of
// them a vector holds, and digests of what a kernel makes of them.

#ifndef RSO_CASES_H
#define RSO_CASES_H

#include "../operations.h"
#include "rso_kernels.h"

// No multiple of any lane count, so that every table meets a vector that is not full.
#define SAMPLES 21

// The most lanes that a table has.
#define MOST_LANES 32

// Receives what the cases find.
typedef struct {
  // A case's name, and the digest of all that was added to it.
  void (*result)(void *context, kernel_id kernel, const char *name, uint64_t digest);
  // A result that is wrong whatever its digest; null to ignore it.
  void (*fault)(void *context, const char *text);
  void *context;
} case_report;

// Runs all cases that every table has.
void run_cases(const rso_kernels *table, const case_report *report);

// A case: one kernel on one set of arguments, for all samples.
typedef struct {
  const rso_kernels *table;
  size_t blocks;
  const case_report *report;
  uint64_t hashes[SAMPLES];
} trial;

trial begin(const rso_kernels *table, const case_report *report);
// Reports the case's name and the digest of all that was added to it.
void finish(kernel_id kernel, const trial *trial, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
// Reports what is wrong.
void fault(const case_report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));

size_t valid(const trial *trial, size_t block);
size_t slot(const trial *trial, size_t block);

// Memory for `vectors` vectors, each float a NaN; freed with `release`.
float *allocate(const trial *trial, size_t vectors);
void release(float *memory);

// A number in [-1, 1) that depends on its arguments alone.
float value(uint32_t stream, size_t sample, size_t index);
// The values of the block's samples side by side; NaN beyond the last sample.
void fill(const trial *trial, uint32_t stream, size_t block, size_t count, float *out);
// The samples' values on a map of `height` x `width` pixels, zero in its outer `padding`.
void fill_map(const trial *trial, uint32_t stream, size_t block, size_t height, size_t width,
              size_t padding, float *out);
void fill_weights(uint32_t stream, size_t count, float *out);

void add(trial *trial, size_t block, const float *tensor, size_t count);
void add_sums(trial *trial, const double *sums, size_t count);

void plane_cases(const rso_kernels *table, const case_report *report);
void sum_cases(const rso_kernels *table, const case_report *report);
void convolution_cases(const rso_kernels *table, const case_report *report);
void winograd_cases(const rso_kernels *table, const case_report *report);

#endif
