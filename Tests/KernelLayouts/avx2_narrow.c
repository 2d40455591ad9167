// The layout of NEON (4 samples per vector) on a processor without it.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LANES 4
#define REGISTERS 32
#define TABLE rso_kernels_avx2_narrow
#define TABLE_NAME "avx2-narrow"
#include "../../Sources/CRSOKernels/body.h"
#pragma clang attribute pop
#endif
