#include "include/rso_kernels.h"

extern const rso_kernels rso_kernels_generic;
#if defined(__x86_64__)
extern const rso_kernels rso_kernels_avx2, rso_kernels_avx512;
extern const rso_kernels rso_kernels_avx2_wide, rso_kernels_avx2_narrow;
#elif defined(__aarch64__)
extern const rso_kernels rso_kernels_neon;
#endif

const rso_kernels *rso_kernels_at(size_t index) {
  const rso_kernels *usable[5] = {0};
  size_t count = 0;
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq"))
    usable[count++] = &rso_kernels_avx512;
  if (avx2) {
    usable[count++] = &rso_kernels_avx2;
    usable[count++] = &rso_kernels_avx2_wide;
    usable[count++] = &rso_kernels_avx2_narrow;
  }
#elif defined(__aarch64__)
  usable[count++] = &rso_kernels_neon;
#endif
  usable[count++] = &rso_kernels_generic;
  return index < count ? usable[index] : 0;
}

double rso_fold(const double *s) {
  return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
}
