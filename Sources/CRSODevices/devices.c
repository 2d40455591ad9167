#include "include/rso_devices.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases/cases.h"
#include "opencl.h"
#include "session.h"

enum { most_devices = 64, most_cases = 4096 };

// Reads a text, which ends with NUL whatever the driver does.
#define TEXT(function, handle, property, out)                  \
  do {                                                         \
    if (function(handle, property, sizeof out, out, 0)) *out = 0; \
    out[sizeof out - 1] = 0;                                   \
  } while (false)

static uint64_t number(const opencl_library *cl, opencl_handle device, uint32_t property) {
  uint64_t value = 0;
  // Properties have 4 or 8 bytes, in this processor's order.
  return cl->clGetDeviceInfo(device, property, sizeof value, &value, 0) ? 0 : value;
}

static rso_device_kind kind_of(const opencl_library *cl, opencl_handle device) {
  // A set of bits.
  const uint64_t kind = number(cl, device, opencl_device_type);
  return kind & opencl_is_processor     ? rso_processor
         : kind & opencl_is_gpu         ? rso_gpu
         : kind & opencl_is_accelerator ? rso_accelerator
                                        : rso_other_device;
}

static void describe(const opencl_library *cl, opencl_handle handle, rso_device *out) {
  memset(out, 0, sizeof *out);
  out->kind = kind_of(cl, handle);
  TEXT(cl->clGetDeviceInfo, handle, opencl_device_name, out->name);
  TEXT(cl->clGetDeviceInfo, handle, opencl_device_vendor, out->vendor);
  TEXT(cl->clGetDeviceInfo, handle, opencl_device_version, out->version);
  TEXT(cl->clGetDeviceInfo, handle, opencl_driver_version, out->driver);
  opencl_handle platform = 0;
  if (!cl->clGetDeviceInfo(handle, opencl_device_platform, sizeof platform, &platform, 0)) {
    char name[256], version[256];
    TEXT(cl->clGetPlatformInfo, platform, opencl_platform_name, name);
    TEXT(cl->clGetPlatformInfo, platform, opencl_platform_version, version);
    snprintf(out->platform, sizeof out->platform, "%s, %s", name, version);
  }
  out->memory = number(cl, handle, opencl_device_memory_size);
  out->largest_buffer = number(cl, handle, opencl_device_allocation_size);
  out->compute_units = (uint32_t)number(cl, handle, opencl_device_compute_units);
  out->work_group_size = number(cl, handle, opencl_device_work_group_size);
  out->is_available = number(cl, handle, opencl_device_available);
  out->has_compiler = number(cl, handle, opencl_device_compiler_available);
  const uint64_t single = number(cl, handle, opencl_device_single_config);
  out->has_fma = single & opencl_has_fma;
  out->has_denormals = single & opencl_has_denormals;
  out->has_correct_division = single & opencl_has_correct_division;
  out->has_double = number(cl, handle, opencl_device_double_config);
}

size_t rso_devices(rso_device *devices, size_t most, char *why, size_t room) {
  const char *reason = "no platform has a device";
  const opencl_library *cl = opencl_load(&reason);
  opencl_handle handles[most_devices];
  size_t count = cl ? opencl_devices(cl, handles, most_devices) : 0;
  if (count == 0) snprintf(why, room, "%s", reason);
  if (count > most) count = most;
  for (size_t i = 0; i < count; i++) describe(cl, handles[i], devices + i);
  return count;
}

typedef struct {
  // The processor's digests, in the order of the cases.
  uint64_t *expected;
  size_t count;
  // Null while the processor's digests are taken.
  rso_device_test_result *result;
} comparison;

static void compare(void *context, kernel_id kernel, const char *name, uint64_t digest) {
  comparison *c = context;
  (void)kernel;
  if (!c->result) {
    if (c->count < most_cases) c->expected[c->count++] = digest;
    return;
  }
  rso_device_test_result *result = c->result;
  if (result->cases >= c->count || digest != c->expected[result->cases])
    if (result->different++ == 0) snprintf(result->first, sizeof result->first, "%s", name);
  result->cases++;
}

void rso_device_test(size_t index, const char *options, rso_device_test_result *result) {
  memset(result, 0, sizeof *result);
  rso_session *session = rso_session_open(index, options, 0, result->error, sizeof result->error);
  if (!session) return;
  rso_session_run_at_once(session);
  comparison c = {.expected = malloc(most_cases * sizeof(uint64_t))};
  if (!c.expected) {
    snprintf(result->error, sizeof result->error, "out of memory");
    rso_session_close(session);
    return;
  }
  const case_report report = {.result = compare, .context = &c};
  run_cases(rso_kernels_at(0), &report);
  c.result = result;
  run_cases(rso_session_table(), &report);
  free(c.expected);
  snprintf(result->error, sizeof result->error, "%s", rso_session_error(session));
  rso_session_close(session);
}

bool rso_device_at(const opencl_library *cl, size_t index, opencl_handle *handle, rso_device *device) {
  opencl_handle handles[most_devices];
  if (index >= opencl_devices(cl, handles, most_devices)) return false;
  *handle = handles[index];
  describe(cl, *handle, device);
  return true;
}
