import Foundation
import TestSupport
import Testing

/// PoCL, which Debian has, makes the processor a device.
extension EndToEndOnFiles {
  @Suite("rso devices, with and without OpenCL")
  struct DevicesTests {
    private struct Answer: Decodable {
      struct Device: Decodable {
        var device: String
        var lacks: [String]
        var isUsable: Bool
        var isRemembered: Bool
        var cases: Int?
        var differentCases: Int?
        var finding: String
      }
      var devices: [Device]
      var reason: String?

      init(_ outcome: Outcome) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(Self.self, from: Data(outcome.output.utf8))
      }
    }

    private func devices(
      _ sandbox: Sandbox, _ more: [String] = [], environment: [String: String] = [:]
    ) async throws -> Outcome {
      try await sandbox.rso(
        ["devices", "--json"] + more,
        environment: ["XDG_CACHE_HOME": sandbox.path("cache")].merging(environment) { $1 })
    }

    @Test("the processor is a device that gives its own bits, which is remembered")
    func processor() async throws {
      let sandbox = try Sandbox()
      var files: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: sandbox.path("cache/rso/devices")))
          ?? []
      }
      let first = try Answer(try await devices(sandbox))
      try #require(first.devices.first?.isUsable == true, "PoCL is missing: 'make check-packages'")
      #expect(first.devices[0].cases.map { $0 > 1000 } == true)
      #expect(first.devices[0].differentCases == 0 && !first.devices[0].isRemembered)
      #expect(files.count == first.devices.count)
      let second = try Answer(try await devices(sandbox))
      #expect(second.devices[0].isRemembered && second.devices[0].cases == first.devices[0].cases)
      // A result that was remembered decides, until the device is tested again.
      try sandbox.write("differs\t9\t1\tpool\n", to: "cache/rso/devices/\(files[0])")
      let third = try await devices(sandbox)
      #expect(third.status == 1)
      #expect(try Answer(third).devices[0].finding.contains("1 of 9 cases give other bits"))
      let doctor = try await sandbox.rso(
        ["doctor"], environment: ["XDG_CACHE_HOME": sandbox.path("cache")])
      #expect(doctor.output.contains("1 of 9 cases give other bits"))
      let fourth = try await devices(sandbox, ["--test"])
      #expect(fourth.status == 0)
      #expect(try !Answer(fourth).devices[0].isRemembered)
    }

    @Test(
      "a device that takes liberties with floating-point numbers is found",
      arguments: ["-cl-fast-relaxed-math", "-cl-denorms-are-zero"])
    func liberties(options: String) async throws {
      let outcome = try await Programs.rso(["opencl-devices", "0", options])
      #expect(outcome.status == 0)
      let fields = outcome.output.split(separator: "\t")
      #expect(fields.first == "differs" && fields.count == 4, "\(outcome.output)")
    }

    @Test("a machine without devices says so")
    func none() async throws {
      let sandbox = try Sandbox()
      let outcome = try await devices(sandbox, environment: ["OCL_ICD_VENDORS": "/nonexistent"])
      #expect(outcome.status == 0)
      let answer = try Answer(outcome)
      #expect(answer.devices.isEmpty && answer.reason != nil)
    }

    @Test("a device that lacks something is refused by name, and a driver that crashes ends alone")
    func refusals() async throws {
      let sandbox = try Sandbox()
      try sandbox.write(Self.library, to: "opencl.c")
      let compiled = try await Programs.run(
        "/usr/bin/env",
        [
          "gcc", "-shared", "-fPIC", "-o", sandbox.path("libOpenCL.so.1"), sandbox.path("opencl.c"),
        ])
      try #require(compiled.status == 0, "\(compiled.errors)")
      let there = ["LD_LIBRARY_PATH": sandbox.url.path]
      let refused = try await devices(sandbox, environment: there)
      #expect(refused.status == 1)
      let device = try #require(try Answer(refused).devices.first)
      #expect(device.lacks == ["denormal numbers", "double precision"])
      #expect(device.finding == "refused: lacks denormal numbers, double precision")
      let crashed = try await devices(sandbox, environment: there.merging(["CRASH": "1"]) { $1 })
      #expect(crashed.status == 69)
      #expect(
        crashed.errors
          == "rso-devices: cannot examine devices: the driver crashed: Segmentation fault\n")
      let doctor = try await sandbox.rso(
        ["doctor"], environment: there.merging(["CRASH": "1"]) { $1 })
      #expect(doctor.status == 0 && doctor.output.contains("the driver crashed"))
    }

    /// A library with one device, which has neither denormal numbers nor double precision.
    private static let library = """
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
        if (size >= 16) strcpy(out, "device");
        else if (key == 0x101B) *(uint64_t *)out = 1 << 5 | 1 << 7;
        else *(uint64_t *)out = key == 0x1032 ? 0 : key == 0x1031 ? 1 : 64;
        return 0;
      }
      #define NONE(name) int name(void) { return -1; }
      NONE(clCreateContext) NONE(clCreateCommandQueue) NONE(clCreateBuffer)
      NONE(clCreateProgramWithSource) NONE(clBuildProgram) NONE(clGetProgramBuildInfo)
      NONE(clCreateKernel) NONE(clGetKernelWorkGroupInfo) NONE(clSetKernelArg) NONE(clEnqueueNDRangeKernel)
      NONE(clEnqueueReadBuffer) NONE(clEnqueueWriteBuffer) NONE(clEnqueueFillBuffer) NONE(clFinish)
      NONE(clReleaseMemObject) NONE(clReleaseKernel)
      NONE(clReleaseProgram) NONE(clReleaseCommandQueue) NONE(clReleaseContext)

      """
  }
}
