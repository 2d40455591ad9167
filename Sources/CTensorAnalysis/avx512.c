#if defined(__x86_64__)
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw"))), apply_to = function)
#define TABLE rso_analysis_avx512
#define TABLE_NAME "avx512"
#include "body.h"
#pragma clang attribute pop
#endif
