// Functions and constants that do not depend on the instruction set.
#include "include/tensor_analysis.h"

// The magnitudes of complex numbers.
void rso_convert_c32(const void *restrict bytes, size_t count, double *restrict out);
void rso_convert_c64(const void *restrict bytes, size_t count, double *restrict out);
void rso_convert_c128(const void *restrict bytes, size_t count, double *restrict out);

// The powers of ten that the bins of a histogram begin with.
extern const double rso_decades[RSO_DECADES];
