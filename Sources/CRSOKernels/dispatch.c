#include "include/rso_kernels.h"

#include <string.h>

extern const rso_kernels rso_kernels_generic;
#if defined(__x86_64__)
extern const rso_kernels rso_kernels_avx2, rso_kernels_avx512, rso_kernels_avx512_bf16;
// Layouts of other processors, for tests (Tests/KernelLayouts). The program does not contain them.
extern const rso_kernels rso_kernels_avx2_wide __attribute__((weak));
extern const rso_kernels rso_kernels_avx2_narrow __attribute__((weak));
#elif defined(__aarch64__)
extern const rso_kernels rso_kernels_neon;
#endif

#if defined(__x86_64__)
#define NEEDS(instructions) \
  if (!__builtin_cpu_supports(instructions)) return instructions

// Each returns the first instructions that its kernels need and this processor lacks, or null.
static const char *lacks_avx2(void) {
  NEEDS("avx2");
  NEEDS("fma");
  return 0;
}

static const char *lacks_avx512(void) {
  if (lacks_avx2()) return lacks_avx2();
  NEEDS("avx512f");
  NEEDS("avx512vl");
  NEEDS("avx512dq");
  return 0;
}

static const char *lacks_avx512_bf16(void) {
  if (lacks_avx512()) return lacks_avx512();
  NEEDS("avx512bw");
  NEEDS("avx512bf16");
  return 0;
}
#endif

const rso_kernels *rso_kernels_at(size_t index) {
  const rso_kernels *usable[5] = {0};
  size_t count = 0;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (!lacks_avx512())
    usable[count++] = lacks_avx512_bf16() ? &rso_kernels_avx512 : &rso_kernels_avx512_bf16;
  if (!lacks_avx2()) {
    usable[count++] = &rso_kernels_avx2;
    if (&rso_kernels_avx2_wide) usable[count++] = &rso_kernels_avx2_wide;
    if (&rso_kernels_avx2_narrow) usable[count++] = &rso_kernels_avx2_narrow;
  }
#elif defined(__aarch64__)
  usable[count++] = &rso_kernels_neon;
#endif
  usable[count++] = &rso_kernels_generic;
  return index < count ? usable[index] : 0;
}

bool rso_instruction_set_at(size_t index, rso_instruction_set *out) {
  rso_instruction_set known[4] = {0};
  size_t count = 0;
#if defined(__x86_64__)
  __builtin_cpu_init();
  known[count++] = (rso_instruction_set){"avx512-bf16", lacks_avx512_bf16()};
  known[count++] = (rso_instruction_set){"avx512", lacks_avx512()};
  known[count++] = (rso_instruction_set){"avx2", lacks_avx2()};
#elif defined(__aarch64__)
  known[count++] = (rso_instruction_set){"neon", 0};
#endif
  known[count++] = (rso_instruction_set){"generic", 0};
  if (index >= count) return false;
  *out = known[index];
  return true;
}

double rso_fold(const double *s) {
  return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
}

// G g: the filter's polynomial at the points 0, 1, -1, 2, -2 and infinity. The scale makes the
// coefficients of the input transform whole numbers.
static void winograd_row(const double g[3], double u[6]) {
  u[0] = g[0] / 4;
  u[1] = -(g[0] + g[1] + g[2]) / 6;
  u[2] = -(g[0] - g[1] + g[2]) / 6;
  u[3] = (g[0] + 2 * g[1] + 4 * g[2]) / 24;
  u[4] = (g[0] - 2 * g[1] + 4 * g[2]) / 24;
  u[5] = g[2];
}

void rso_winograd_weights(const float *kernel, float *out, size_t stride) {
#pragma clang fp contract(off)
  double columns[3][6];
  for (int x = 0; x < 3; x++) {
    const double g[3] = {kernel[x], kernel[3 + x], kernel[6 + x]};
    winograd_row(g, columns[x]);
  }
  for (int y = 0; y < 6; y++) {
    const double g[3] = {columns[0][y], columns[1][y], columns[2][y]};
    double u[6];
    winograd_row(g, u);
    for (int x = 0; x < 6; x++) out[(6 * y + x) * stride] = (float)u[x];
  }
}

// Rounds to nearest even. Infinity and NaN stay infinity and NaN.
static uint32_t bf16(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  if ((bits & 0x7f800000) == 0x7f800000) return bits >> 16 | ((bits & 0xffff) ? 0x40 : 0);
  return (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
}

float rso_pair_weights(float even, float odd) {
  const uint32_t bits = bf16(odd) << 16 | bf16(even);
  float pair;
  memcpy(&pair, &bits, sizeof pair);
  return pair;
}

size_t rso_winograd_work(size_t channels, size_t outputs, size_t width) {
  const size_t tiles_x = (width + 3) / 4;
  // The most rows of tiles that one group of tiles spans.
  const size_t tiles_y = 1 + (RSO_WINOGRAD_GROUP + tiles_x - 2) / tiles_x;
  return RSO_WINOGRAD_PLACES * ((channels + outputs) * RSO_WINOGRAD_GROUP + 2) +
         (4 * tiles_y + 2) * (4 * tiles_x + 2);
}
