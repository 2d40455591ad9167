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
      let there = try await FakeOpenCL.environment(in: sandbox)
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
  }
}
