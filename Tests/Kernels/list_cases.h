// Checks the lists of kernels that a device runs on many chunks.

#ifndef RSO_LIST_CASES_H
#define RSO_LIST_CASES_H

#include <stddef.h>

// Returns the number of faults, which it prints.
int list_cases(size_t device, const char *options);

#endif
