// OpenCL devices: what there is, what a device lacks, and whether it gives the bits of the kernels' tables.
//
// The library is opened at run time, so a machine without OpenCL has no devices. Drivers are foreign
// code that may crash or hang: call these functions in a process that may end.

#ifndef RSO_DEVICES_H
#define RSO_DEVICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
  char name[256];
  char vendor[256];
  // The version of OpenCL that the device has, and that of its driver.
  char version[256];
  char driver[256];
  // The name and version of the device's platform.
  char platform[512];
  // Bytes of memory, and of the largest buffer.
  uint64_t memory;
  uint64_t largest_buffer;
  uint32_t compute_units;
  uint64_t work_group_size;
  // Properties that the kernels need.
  bool is_available;
  bool has_compiler;
  bool has_fma;
  bool has_denormals;
  bool has_correct_division;
  bool has_double;
} rso_device;

// Fills in the devices of all platforms, at most `most`, in OpenCL's order. Returns their number. If it
// is 0, `why` says the reason, in at most `room` bytes.
size_t rso_devices(rso_device *devices, size_t most, char *why, size_t room);

typedef struct {
  // The cases that were compared, and those whose digests differ from the processor's.
  size_t cases;
  size_t different;
  // The first case that differs.
  char first[256];
  // The reason why the cases cannot be run; empty if they were.
  char error[1024];
} rso_device_test_result;

// The kernels as OpenCL C, with their entries, in one text, as a driver compiles it. The caller frees
// it. Null: out of memory.
char *rso_device_source(void);

// Runs the table of kernel cases on a device, compiled with OpenCL's `options`, and on the processor.
void rso_device_test(size_t index, const char *options, rso_device_test_result *result);

#endif
