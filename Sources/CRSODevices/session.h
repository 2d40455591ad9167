// The parts of a session that recorder.c and devices.c need as well.

#ifndef RSO_SESSION_H
#define RSO_SESSION_H

#include "include/rso_devices.h"
#include "opencl.h"
#include "operations.h"
#include "rso_kernels.h"

// Samples in a chunk: the lanes of a device's vectors.
#define DEVICE_LANES 32

typedef enum {
  argument_number,
  // Memory that is read, of `bytes` bytes; null: none.
  argument_input,
  // Memory that is written, and perhaps read before.
  argument_result,
  // RSO_FOLD doubles of each of `bytes` quantities.
  argument_sums,
} argument_kind;

typedef struct {
  argument_kind kind;
  // A number, or an address.
  uint64_t value;
  size_t bytes;
} argument;

// Adds a kernel to the list of the session that records on this thread.
//
// - Parameter valid: The samples of the chunk.
void session_record(kernel_id kernel, size_t valid, const argument *arguments, size_t count);

// Runs each kernel as soon as it is recorded, on memory of the host.
void rso_session_run_at_once(rso_session *session);

// Finds a device. False: there is none with this index.
bool rso_device_at(const opencl_library *library, size_t index, opencl_handle *handle, rso_device *device);

#endif
