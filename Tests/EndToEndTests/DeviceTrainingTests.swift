import Foundation
import TestSupport
import Testing

/// PoCL, which Debian has, makes the processor a device.
extension EndToEndOnFiles {
  @Suite("Training on a device", .serialized)
  struct DeviceTrainingTests {
    /// PoCL compiles the kernels once for all tests, which takes half a minute.
    private static let cache = NSTemporaryDirectory() + "rso-device-tests-\(getuid())"

    private func train(
      _ sandbox: Sandbox, _ run: String, architecture: String = "small.json", cycles: Int = 1,
      _ options: [String] = [], on device: String = "opencl:0", environment: [String: String] = [:]
    ) async throws -> Outcome {
      try await sandbox.rso(
        sandbox.training(run, architecture: architecture, cycles: cycles, options)
          + ["--device", device],
        environment: ["XDG_CACHE_HOME": Self.cache].merging(environment) { $1 })
    }

    private func resume(
      _ sandbox: Sandbox, _ options: [String], on device: String
    ) async throws -> Outcome {
      try await sandbox.rso(
        ["resume", "run", "--json", "--device", device] + options,
        environment: ["XDG_CACHE_HOME": Self.cache])
    }

    @Test(
      "every mode of the search ends in the processor's state",
      arguments: [
        [], ["--precision", "f32-direct"], ["--hold", "2"], ["--augment", "shift:1,flip"],
        ["--parallel", "neuron"], ["--parallel", "layer"], ["--granularity", "layer"],
        ["--granularity", "network"], ["--batching", "random"], ["--order", "input"],
        ["--loss", "hinge", "--weights", "binary"], ["--loss", "macro-f1"],
        ["--loss", "zero-one", "--tie-break", "cross-entropy", "--adapt", "success"],
        ["--validation", "0.2", "--selection", "first"], ["--selection", "vertex"],
      ])
    func states(options: [String]) async throws {
      let sandbox = try Sandbox()
      var states: [String] = []
      for device in ["cpu", "opencl:0"] {
        let outcome = try await train(sandbox, device, options, on: device)
        try #require(outcome.status == 0, "\(outcome.errors)")
        states.append(try TrainingAnswer(outcome).stateSha256)
      }
      #expect(states[0] == states[1])
    }

    @Test("a run goes from the processor to a device and back, in the bits of one that stays")
    func moves() async throws {
      let sandbox = try Sandbox()
      let whole = try TrainingAnswer(try await train(sandbox, "whole", cycles: 4, on: "cpu"))
      let devices = ["cpu", "opencl:0", "cpu", "opencl:0"]
      var last = try await train(sandbox, "run", cycles: 1, on: devices[0])
      for cycles in 2...4 {
        last = try await resume(
          sandbox, ["--cycles", "\(cycles)"], on: devices[cycles - 1])
        try #require(last.status == 0, "\(last.errors)")
      }
      #expect(try TrainingAnswer(last).stateSha256 == whole.stateSha256)
    }

    @Test(
      "a device that is lost ends the run with its state saved, and the processor goes on",
      arguments: [1, 40, 400])
    func lost(launch: Int) async throws {
      let sandbox = try Sandbox()
      let whole = try TrainingAnswer(try await train(sandbox, "whole", cycles: 2, on: "cpu"))
      let lost = try await train(
        sandbox, "run", cycles: 2, environment: ["RSO_OPENCL_FAILING_LAUNCH": "\(launch)"])
      #expect(lost.status == 69)
      #expect(lost.errors.contains("cannot run the kernels: out of resources"))
      #expect(lost.errors.contains("--device cpu"))
      let verified = try await sandbox.rso(["verify", "run"])
      #expect(verified.status == 0, "\(verified.output)")
      let resumed = try await resume(sandbox, [], on: "cpu")
      #expect(try TrainingAnswer(resumed).stateSha256 == whole.stateSha256)
    }
  }
}
