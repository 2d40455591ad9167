#include "include/tensor_analysis.h"

extern const rso_analysis rso_analysis_generic;
#if defined(__x86_64__)
extern const rso_analysis rso_analysis_avx2, rso_analysis_avx512;
#endif

const rso_analysis *rso_analysis_at(size_t index) {
  const rso_analysis *usable[3] = {0};
  size_t count = 0;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw"))
    usable[count++] = &rso_analysis_avx512;
  if (__builtin_cpu_supports("avx2")) usable[count++] = &rso_analysis_avx2;
#endif
  usable[count++] = &rso_analysis_generic;
  return index < count ? usable[index] : 0;
}

void rso_convert(rso_element type, const void *restrict bytes, size_t count, double *restrict out) {
  rso_analysis_at(0)->convert(type, bytes, count, out);
}

void rso_describe(double *values, size_t count, rso_statistics *restrict out) {
  rso_analysis_at(0)->describe(values, count, out);
}

void rso_compare(
    double *restrict a, double *restrict b, size_t count, double relative, double absolute,
    rso_comparison *restrict out) {
  rso_analysis_at(0)->compare(a, b, count, relative, absolute, out);
}

void rso_count_decades(
    double *values, size_t count, double largest, uint64_t histogram[RSO_DECADES]) {
  rso_analysis_at(0)->count_decades(values, count, largest, histogram);
}
