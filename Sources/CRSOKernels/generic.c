// Any processor. Without a fused multiply-add in hardware the C library's is used: slow, same bits.
#define LANES 8
#define ACCUMULATORS 14
#define TABLE rso_kernels_generic
#define TABLE_NAME "generic"
#include "body.h"
