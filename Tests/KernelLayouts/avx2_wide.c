// The layout of AVX-512 (16 samples per vector) on a processor without it.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LANES 16
#define REGISTERS 32
#define TABLE rso_kernels_avx2_wide
#define TABLE_NAME "avx2-wide"
#include "../../Sources/CRSOKernels/body.h"
#pragma clang attribute pop
#endif
