#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define TABLE rso_analysis_avx2
#define TABLE_NAME "avx2"
#include "body.h"
#pragma clang attribute pop
#endif
