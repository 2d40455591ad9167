#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq"))), apply_to = function)
#define LANES 16
#define ACCUMULATORS 28
#define TABLE rso_kernels_avx512
#define TABLE_NAME "avx512"
#include "body.h"
#pragma clang attribute pop
#endif
