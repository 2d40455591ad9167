// Runs the cases of the kernels with one table, and prints a line with the digest of each.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "list_cases.h"
#include "pair_cases.h"
#include "rso_devices.h"

static bool has_case[kernel_count];
static int faults;

static void print(void *context, kernel_id kernel, const char *name, uint64_t digest) {
  (void)context;
  has_case[kernel] = true;
  printf("%s: %016llx\n", name, (unsigned long long)digest);
}

static void print_fault(void *context, const char *text) {
  (void)context;
  faults++;
  fprintf(stderr, "%s\n", text);
}

static const char *const names[kernel_count] = {
#define NAME(name) [kernel_##name] = #name,
    KERNELS(NAME)};

static bool is_optional(int k) { return k == kernel_pair || k == kernel_convolve_pairs; }

static void check_table(const rso_kernels *table, const case_report *report) {
  const bool missing[kernel_count] = {
#define MISSING(name) [kernel_##name] = !table->name,
      KERNELS(MISSING)};
  for (int k = 0; k < kernel_count; k++)
    if (missing[k] && !is_optional(k)) fault(report, "%s: has no %s", table->name, names[k]);
}

static void check_cases(const rso_kernels *table, const case_report *report) {
  for (int k = 0; k < kernel_count; k++)
    if (!has_case[k] && (table->pair || !is_optional(k)))
      fault(report, "%s: %s has no case", table->name, names[k]);
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

static int run_table(size_t index) {
  const rso_kernels *table = table_at(index);
  if (!table) {
    fprintf(stderr, "kernels: no table %zu\n", index);
    return 2;
  }
  const case_report report = {.result = print, .fault = print_fault};
  fprintf(stderr, "%s, %zu lanes%s\n", table->name, table->lanes, table->convolve_pairs ? ", bf16" : "");
  check_table(table, &report);
  if (faults) return 1;
  run_cases(table, &report);
  if (table->convolve_pairs) pair_cases(table, &report);
  check_cases(table, &report);
  return faults ? 1 : 0;
}

// Prints the number of OpenCL devices.
static int count_devices(void) {
  char why[500] = "";
  rso_device devices[64];
  const size_t count = rso_devices(devices, 64, why, sizeof why);
  if (count == 0) fprintf(stderr, "kernels: no OpenCL devices: %s\n", why);
  printf("%zu\n", count);
  return 0;
}

// Prints how many cases differ on a device, and which is the first. Then checks that a device runs lists.
static int test_device(size_t index, const char *options) {
  rso_device_test_result result;
  rso_device_test(index, options, &result);
  if (*result.error) {
    fprintf(stderr, "kernels: OpenCL device %zu: %s\n", index, result.error);
    return 2;
  }
  printf("%zu of %zu differ%s%s\n", result.different, result.cases, result.different ? ", first " : "",
         result.first);
  if (result.different) return 1;
  return list_cases(index, options) ? 2 : 0;
}

// program: prints the number of tables. program INDEX: runs all cases with this table.
// program opencl: prints the number of OpenCL devices. program opencl INDEX [OPTIONS]: compares this
// device, with these options of OpenCL, with the fastest table: 0 if all cases agree and lists run as they
// should, 1 if some cases differ.
int main(int count, char **arguments) {
  if (count > 1 && strcmp(arguments[1], "opencl") == 0) {
    if (count < 3) return count_devices();
    return test_device((size_t)atol(arguments[2]), count > 3 ? arguments[3] : "");
  }
  if (count > 1) return run_table((size_t)atol(arguments[1]));
  size_t tables = 0;
  while (table_at(tables)) tables++;
  printf("%zu\n", tables);
  return 0;
}
