import Testing

/// A library of OpenCL with one device, a GPU that has neither denormal numbers nor double precision. With
/// `COMPLETE` in the environment it has them, and no program can use it; with `CRASH` the library crashes.
enum FakeOpenCL {
  /// Builds the library in the sandbox, and returns the variables with which programs load it.
  static func environment(in sandbox: Sandbox) async throws -> [String: String] {
    try sandbox.write(source, to: "opencl.c")
    let compiled = try await Programs.run(
      "/usr/bin/env",
      [
        "gcc", "-shared", "-fPIC", "-o", sandbox.path("libOpenCL.so.1"), sandbox.path("opencl.c"),
      ])
    try #require(compiled.status == 0, "\(compiled.errors)")
    return ["LD_LIBRARY_PATH": sandbox.url.path]
  }

  private static let source = """
    #include <stdint.h>
    #include <stdlib.h>
    #include <string.h>
    int clGetPlatformIDs(uint32_t most, void **out, uint32_t *count) {
      if (getenv("CRASH")) *(volatile int *)0 = 0;
      if (out) *out = (void *)1;
      if (count) *count = 1;
      return 0;
    }
    int clGetDeviceIDs(void *p, uint64_t kind, uint32_t most, void **out, uint32_t *count) {
      return clGetPlatformIDs(most, out, count);
    }
    int clGetPlatformInfo(void *p, uint32_t key, size_t size, void *out, size_t *used) {
      strcpy(out, "platform");
      return 0;
    }
    int clGetDeviceInfo(void *d, uint32_t key, size_t size, void *out, size_t *used) {
      uint64_t value = 64;
      if (size >= 16) {
        strcpy(out, "device");
        return 0;
      }
      if (key == 0x1000) value = 1 << 2;
      if (key == 0x101B) value = 1 << 5 | 1 << 7 | (getenv("COMPLETE") != 0);
      if (key == 0x1032) value = getenv("COMPLETE") != 0;
      if (key == 0x1031) value = 1;
      *(uint64_t *)out = value;
      return 0;
    }
    #define NONE(name) int name(void) { return 0; }
    NONE(clCreateContext) NONE(clCreateCommandQueue) NONE(clCreateBuffer)
    NONE(clCreateProgramWithSource) NONE(clBuildProgram) NONE(clGetProgramBuildInfo)
    NONE(clCreateKernel) NONE(clGetKernelWorkGroupInfo) NONE(clSetKernelArg) NONE(clEnqueueNDRangeKernel)
    NONE(clEnqueueReadBuffer) NONE(clEnqueueWriteBuffer) NONE(clEnqueueFillBuffer) NONE(clFinish)
    NONE(clReleaseMemObject) NONE(clReleaseKernel)
    NONE(clReleaseProgram) NONE(clReleaseCommandQueue) NONE(clReleaseContext)

    """
}
