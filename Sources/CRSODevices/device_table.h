// The table of kernels on an OpenCL device. Each function copies its arguments to the device, launches
// one work-group, and copies the results back. Slow: for comparisons with the tables of processors.

#ifndef RSO_DEVICE_TABLE_H
#define RSO_DEVICE_TABLE_H

#include <stdbool.h>

#include "rso_kernels.h"
#include "opencl.h"

// Samples in a block of the device's table.
#define DEVICE_LANES 16

// Compiles the kernels for a device, with more of OpenCL's build options. The table is valid until the thread's
// next call. Null: `why` is the reason, in at most `room` bytes.
const rso_kernels *rso_device_table(const opencl_library *library, opencl_handle device,
                                    bool has_correct_division, const char *options, char *why,
                                    size_t room);

// The first error of a call of the table; null if all went well.
const char *rso_device_table_error(void);

#endif
