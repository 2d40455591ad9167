#ifndef RSO_KERNELS_H
#define RSO_KERNELS_H
#include <stddef.h>
#include <stdint.h>

#endif
