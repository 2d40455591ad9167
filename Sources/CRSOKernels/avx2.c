#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LANES 8
#define REGISTERS 16
#define TABLE rso_kernels_avx2
#define TABLE_NAME "avx2"
#include "body.h"
#pragma clang attribute pop
#endif
