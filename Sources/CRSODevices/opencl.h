// The part of OpenCL 1.2 that rso uses. The library is opened at run time, and the declarations are our
// own: a build needs neither OpenCL's headers nor its library. A machine without OpenCL has no devices.

#ifndef RSO_OPENCL_H
#define RSO_OPENCL_H

#include <stddef.h>
#include <stdint.h>

// Any of OpenCL's objects.
typedef struct opencl_object *opencl_handle;
// 0 or one of OpenCL's negative error codes.
typedef int32_t opencl_status;

#define OPENCL_FUNCTIONS(FUNCTION)                                                                     \
  FUNCTION(opencl_status, clGetPlatformIDs, (uint32_t, opencl_handle *, uint32_t *))                   \
  FUNCTION(opencl_status, clGetPlatformInfo, (opencl_handle, uint32_t, size_t, void *, size_t *))      \
  FUNCTION(opencl_status, clGetDeviceIDs,                                                              \
           (opencl_handle, uint64_t, uint32_t, opencl_handle *, uint32_t *))                           \
  FUNCTION(opencl_status, clGetDeviceInfo, (opencl_handle, uint32_t, size_t, void *, size_t *))        \
  FUNCTION(opencl_handle, clCreateContext,                                                             \
           (const intptr_t *, uint32_t, const opencl_handle *, void *, void *, opencl_status *))       \
  FUNCTION(opencl_handle, clCreateCommandQueue,                                                        \
           (opencl_handle, opencl_handle, uint64_t, opencl_status *))                                  \
  FUNCTION(opencl_handle, clCreateBuffer, (opencl_handle, uint64_t, size_t, void *, opencl_status *))  \
  FUNCTION(opencl_handle, clCreateProgramWithSource,                                                   \
           (opencl_handle, uint32_t, const char **, const size_t *, opencl_status *))                  \
  FUNCTION(opencl_status, clBuildProgram,                                                              \
           (opencl_handle, uint32_t, const opencl_handle *, const char *, void *, void *))             \
  FUNCTION(opencl_status, clGetProgramBuildInfo,                                                       \
           (opencl_handle, opencl_handle, uint32_t, size_t, void *, size_t *))                         \
  FUNCTION(opencl_handle, clCreateKernel, (opencl_handle, const char *, opencl_status *))              \
  FUNCTION(opencl_status, clGetKernelWorkGroupInfo,                                                    \
           (opencl_handle, opencl_handle, uint32_t, size_t, void *, size_t *))                         \
  FUNCTION(opencl_status, clSetKernelArg, (opencl_handle, uint32_t, size_t, const void *))             \
  FUNCTION(opencl_status, clEnqueueNDRangeKernel,                                                      \
           (opencl_handle, opencl_handle, uint32_t, const size_t *, const size_t *, const size_t *,    \
            uint32_t, const opencl_handle *, opencl_handle *))                                         \
  FUNCTION(opencl_status, clEnqueueReadBuffer,                                                         \
           (opencl_handle, opencl_handle, uint32_t, size_t, size_t, void *, uint32_t,                  \
            const opencl_handle *, opencl_handle *))                                                   \
  FUNCTION(opencl_status, clEnqueueWriteBuffer,                                                        \
           (opencl_handle, opencl_handle, uint32_t, size_t, size_t, const void *, uint32_t,            \
            const opencl_handle *, opencl_handle *))                                                   \
  FUNCTION(opencl_status, clEnqueueFillBuffer,                                                         \
           (opencl_handle, opencl_handle, const void *, size_t, size_t, size_t, uint32_t,              \
            const opencl_handle *, opencl_handle *))                                                   \
  FUNCTION(opencl_status, clFinish, (opencl_handle))                                                   \
  FUNCTION(opencl_status, clReleaseMemObject, (opencl_handle))                                         \
  FUNCTION(opencl_status, clReleaseKernel, (opencl_handle))                                            \
  FUNCTION(opencl_status, clReleaseProgram, (opencl_handle))                                           \
  FUNCTION(opencl_status, clReleaseCommandQueue, (opencl_handle))                                      \
  FUNCTION(opencl_status, clReleaseContext, (opencl_handle))

#define OPENCL_FIELD(type, name, arguments) type(*name) arguments;
typedef struct {
  OPENCL_FUNCTIONS(OPENCL_FIELD)
} opencl_library;

// Opens the library. Null if there is none, or if it lacks a function: `*why` then says what is missing.
// Both are valid until the thread's next call.
const opencl_library *opencl_load(const char **why);

// Fills in the devices of all platforms, at most `most`, in OpenCL's order. Returns their number.
size_t opencl_devices(const opencl_library *library, opencl_handle *devices, size_t most);

// The name of an error code, or "an unknown error".
const char *opencl_error(opencl_status status);

enum {
  opencl_platform_version = 0x0901,
  opencl_platform_name = 0x0902,
  opencl_device_type = 0x1000,
  opencl_device_compute_units = 0x1002,
  opencl_device_work_group_size = 0x1004,
  opencl_device_allocation_size = 0x1010,
  opencl_device_single_config = 0x101B,
  opencl_device_memory_size = 0x101F,
  opencl_device_available = 0x1027,
  opencl_device_compiler_available = 0x1028,
  opencl_device_name = 0x102B,
  opencl_device_vendor = 0x102C,
  opencl_driver_version = 0x102D,
  opencl_device_version = 0x102F,
  opencl_device_platform = 0x1031,
  opencl_device_double_config = 0x1032,
  opencl_program_build_log = 0x1183,
  opencl_kernel_work_group_size = 0x11B0,
  // Bits of a device's type.
  opencl_is_processor = 1 << 1,
  opencl_is_gpu = 1 << 2,
  opencl_is_accelerator = 1 << 3,
  // Bits of a configuration of floating-point numbers.
  opencl_has_denormals = 1 << 0,
  opencl_has_fma = 1 << 5,
  opencl_has_correct_division = 1 << 7,
  opencl_read_write = 1 << 0,
};
#define OPENCL_ALL_DEVICES 0xFFFFFFFFu

#endif
