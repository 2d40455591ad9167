// Any processor, without a fused multiply-add in hardware: slow, same bits.
#define SOFTWARE_FMA
#define LANES 8
#define ACCUMULATORS 14
#define TABLE rso_kernels_generic
#define TABLE_NAME "generic"
#include "body.h"
