#include "opencl.h"

#include <dlfcn.h>

const opencl_library *opencl_load(const char **why) {
  static _Thread_local opencl_library library;
  void *opened = dlopen("libOpenCL.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!opened) {
    *why = dlerror();
    return 0;
  }
#define OPENCL_FIND(type, name, arguments)                     \
  library.name = (type(*) arguments)dlsym(opened, #name);      \
  if (!library.name) {                                         \
    *why = "libOpenCL.so.1 has no function " #name;            \
    return 0;                                                  \
  }
  OPENCL_FUNCTIONS(OPENCL_FIND)
  return &library;
}

size_t opencl_devices(const opencl_library *library, opencl_handle *devices, size_t most) {
  opencl_handle platforms[16];
  uint32_t platform_count = 0;
  if (library->clGetPlatformIDs(16, platforms, &platform_count)) return 0;
  size_t count = 0;
  for (uint32_t p = 0; p < platform_count && p < 16 && count < most; p++) {
    uint32_t found = 0;
    if (library->clGetDeviceIDs(platforms[p], OPENCL_ALL_DEVICES, (uint32_t)(most - count),
                                devices + count, &found))
      continue;
    count += found < most - count ? found : most - count;
  }
  return count;
}

const char *opencl_error(opencl_status status) {
  switch (status) {
    case -1: return "device not found";
    case -2: return "device not available";
    case -3: return "compiler not available";
    case -4: return "cannot allocate a buffer";
    case -5: return "out of resources";
    case -6: return "out of host memory";
    case -11: return "cannot build the program";
    case -36: return "invalid command queue";
    case -38: return "invalid memory object";
    case -43: return "invalid build options";
    case -45: return "invalid program";
    case -46: return "no kernel of this name";
    case -48: return "invalid kernel";
    case -51: return "wrong size of an argument";
    case -52: return "missing arguments";
    case -54: return "invalid size of a work-group";
    case -61: return "invalid size of a buffer";
    case -1001: return "no platforms";
    default: return "an unknown error";
  }
}
