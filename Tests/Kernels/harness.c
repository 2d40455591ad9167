#include "harness.h"

#include "device_table.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A kernel that was added to the table must be added to KERNELS, and be given a case.
_Static_assert(sizeof(rso_kernels) == (2 + kernel_count) * sizeof(void *),
               "KERNELS does not list every kernel of the table");

static bool has_case[kernel_count];
static int faults;

trial begin(const rso_kernels *table) {
  trial t = {.table = table, .blocks = (SAMPLES + table->lanes - 1) / table->lanes};
  for (size_t s = 0; s < SAMPLES; s++) t.hashes[s] = 0xcbf29ce484222325;
  return t;
}

// FNV-1a, eight bytes at a time.
static uint64_t hash(uint64_t state, uint64_t word) {
  for (int i = 0; i < 8; i++) state = (state ^ (word >> 8 * i & 0xff)) * 0x100000001b3;
  return state;
}

void finish(kernel kernel, const trial *trial, const char *format, ...) {
  has_case[kernel] = true;
  uint64_t digest = 0;
  for (size_t s = 0; s < SAMPLES; s++) digest = hash(digest, trial->hashes[s]);
  va_list arguments;
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
  printf(": %016llx\n", (unsigned long long)digest);
}

void fault(const char *format, ...) {
  faults++;
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
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

static const char *const names[kernel_count] = {
#define NAME(name) [kernel_##name] = #name,
    KERNELS(NAME)};

static void check_table(const rso_kernels *table) {
  const bool missing[kernel_count] = {
#define MISSING(name) [kernel_##name] = !table->name,
      KERNELS(MISSING)};
  for (int k = 0; k < kernel_count; k++)
    if (missing[k] && k != kernel_pair && k != kernel_convolve_pairs)
      fault("%s: has no %s", table->name, names[k]);
}

static void check_cases(const rso_kernels *table) {
  for (int k = 0; k < kernel_count; k++)
    if (!has_case[k] && (table->pair || (k != kernel_pair && k != kernel_convolve_pairs)))
      fault("%s: %s has no case", table->name, names[k]);
}

// Also the table that a processor with more does not choose.
static const rso_kernels *table_at(size_t index) {
#if defined(__x86_64__)
  extern const rso_kernels rso_kernels_avx512;
  if (rso_kernels_at(0)->convolve_pairs) {
    if (index == 0) return &rso_kernels_avx512;
    index--;
  }
#endif
  return rso_kernels_at(index);
}

static int run_cases(const rso_kernels *table) {
  fprintf(stderr, "%s, %zu lanes%s\n", table->name, table->lanes,
          table->convolve_pairs ? ", bf16" : "");
  check_table(table);
  if (faults) return 1;
  plane_cases(table);
  sum_cases(table);
  convolution_cases(table);
  winograd_cases(table);
  if (table->convolve_pairs) pair_cases(table);
  check_cases(table);
  return faults ? 1 : 0;
}

// Prints the number of OpenCL devices, or runs all cases on one of them.
static int run_device(int count, char **arguments) {
  enum { most = 64 };
  opencl_handle devices[most];
  const char *why = "no devices";
  const opencl_library *library = opencl_load(&why);
  const size_t found = library ? opencl_devices(library, devices, most) : 0;
  if (count < 3) {
    if (found == 0) fprintf(stderr, "kernels: %s\n", why);
    printf("%zu\n", found);
    return 0;
  }
  const size_t index = (size_t)atol(arguments[2]);
  if (index >= found) {
    fprintf(stderr, "kernels: no device %s: %s\n", arguments[2], why);
    return 2;
  }
  char name[200] = "", message[2000];
  library->clGetDeviceInfo(devices[index], opencl_device_name, sizeof name, name, 0);
  fprintf(stderr, "%s: ", name);
  const rso_kernels *table = rso_device_table(library, devices[index], count > 3 ? arguments[3] : "",
                                              message, sizeof message);
  if (!table) {
    fault("%s: %s", name, message);
    return 1;
  }
  const int result = run_cases(table);
  if (rso_device_table_error()) fault("%s: %s", name, rso_device_table_error());
  return faults ? 1 : result;
}

// program: prints the number of tables. program INDEX: runs all cases with this table.
// program opencl: prints the number of OpenCL devices. program opencl INDEX [OPTIONS]: runs all cases
// on this device, compiled with these options of OpenCL.
int main(int count, char **arguments) {
  size_t tables = 0;
  while (table_at(tables)) tables++;
  if (count < 2) {
    printf("%zu\n", tables);
    return 0;
  }
  if (strcmp(arguments[1], "opencl") == 0) return run_device(count, arguments);
  const rso_kernels *table = table_at((size_t)atol(arguments[1]));
  if (!table) {
    fprintf(stderr, "kernels: no table %s\n", arguments[1]);
    return 2;
  }
  return run_cases(table);
}
