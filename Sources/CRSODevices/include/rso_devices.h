// OpenCL devices: what there is, what a device lacks, and whether it gives the bits of the kernels' tables.
//
// The library is opened at run time, so a machine without OpenCL has no devices. Drivers are foreign
// code that may crash or hang: call these functions in a process that may end.

#ifndef RSO_DEVICES_H
#define RSO_DEVICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum { rso_other_device, rso_processor, rso_gpu, rso_accelerator } rso_device_kind;

typedef struct {
  rso_device_kind kind;
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

// An open device: its memory, the compiled kernels, and the list of kernels that is recorded for it.
//
// A pass over chunks of samples is recorded for the first, the second and the last chunk, with the table of
// kernels that records: `rso_session_table`. Their pointers tell where the values of the other chunks lie. One
// launch then runs the list on every chunk. Memory of the device has addresses of this process, but nothing lies
// there. Tables that are not in the device's memory are copied with the list.
//
// After an error, nothing more is done: results are 0. One thread at a time uses a session.
typedef struct rso_session rso_session;

typedef enum {
  // Values that only the device has.
  rso_memory_values,
  // The same at both sides: written here, and read there after `rso_session_changed`; or written there, and
  // read here after `rso_session_read`.
  rso_memory_shared,
  // Memory for one chunk, of which each work-group has its own. It is zero at first. A pass uses one of them.
  rso_memory_own,
} rso_memory_kind;

// Opens a device, with more of OpenCL's build options, and compiles the kernels.
//
// - Parameter most_own: The most bytes for the work-groups' own memory and their sums; 0 for the default. A pass
//   is run in as many launches as that needs.
//
// Null: `why` is the reason, in at most `room` bytes.
rso_session *rso_session_open(size_t index, const char *options, uint64_t most_own, char *why, size_t room);
void rso_session_close(rso_session *session);
// The first error; empty if all went well.
const char *rso_session_error(const rso_session *session);
// An `rso_kernels`.
const void *rso_session_table(void);

// Returns the address of `bytes` of memory. After an error, only the address is good.
void *rso_session_allocate(rso_session *session, size_t bytes, rso_memory_kind kind);
void rso_session_free(rso_session *session, void *memory);
// Says that shared memory has been written here.
void rso_session_changed(rso_session *session, const void *first, size_t bytes);
// Brings shared memory here.
void rso_session_read(rso_session *session, void *first, size_t bytes);
// Writes values.
void rso_session_write(rso_session *session, void *to, const void *from, size_t bytes);
// The address of the sums of the pass's first chunk: RSO_FOLD doubles each, one chunk after the other.
double *rso_session_sums(const rso_session *session);

// Begins a pass, whose kernels are then recorded for its first chunk.
void rso_session_begin(rso_session *session);
// Goes on to record another chunk: `distance` chunks after the first. The second chunk comes before any other.
void rso_session_repeat(rso_session *session, size_t distance);
// Ends a pass, and runs it.
//
// - Parameters:
//   - first: The pass's first chunk.
//   - samples: In all chunks, before the pass's first one too.
//   - quantities: Sums of each chunk.
//   - folds: Receives them: [chunk][quantity].
void rso_session_run(rso_session *session, size_t first, size_t chunks, size_t samples, size_t quantities,
                     double *folds);

typedef struct {
  uint64_t launches;
  // Bytes moved to the device, and from it.
  uint64_t sent, received;
  // Bytes of the device's memory, now and at most.
  uint64_t allocated, peak;
} rso_session_figures;

rso_session_figures rso_session_counted(const rso_session *session);

#endif
