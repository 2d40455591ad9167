// NEON is part of every 64-bit ARM processor.
#if defined(__aarch64__)
#define LANES 4
#define REGISTERS 32
#define TABLE rso_kernels_neon
#define TABLE_NAME "neon"
#include "body.h"
#endif
