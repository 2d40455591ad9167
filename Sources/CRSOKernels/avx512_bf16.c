#if defined(__x86_64__)
#pragma clang attribute push(                                                                  \
    __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx512bf16"))), apply_to = function)
#define BF16
#define LANES 16
#define REGISTERS 32
#define TABLE rso_kernels_avx512_bf16
#define TABLE_NAME "avx512"
#include "body.h"
#pragma clang attribute pop
#endif
