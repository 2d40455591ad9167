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
      _ sandbox: Sandbox, _ path: String, _ options: [String], on device: String
    ) async throws -> Outcome {
      try await sandbox.rso(
        ["resume", path, "--json", "--device", device] + options,
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
      let whole = try TrainingAnswer(try await train(sandbox, "whole", cycles: 3, on: "cpu"))
      let there = try await resume(sandbox, "whole@1", ["-o", "there"], on: "opencl:0")
      #expect(try TrainingAnswer(there).stateSha256 == whole.stateSha256)
      let back = try await resume(sandbox, "there@2", ["-o", "back"], on: "cpu")
      #expect(try TrainingAnswer(back).stateSha256 == whole.stateSha256)
    }

    @Test("a run that is stopped in the middle on a device goes on there, and names the device")
    func stopped() async throws {
      let sandbox = try Sandbox()
      let whole = try TrainingAnswer(try await train(sandbox, "whole", cycles: 20, on: "cpu"))
      let stopped = try await train(
        sandbox, "run", cycles: 20, ["--max-time", "0:01"], on: "opencl:0")
      #expect(stopped.status == 85, "\(stopped.errors)")
      #expect(
        stopped.errors.contains(
          "resume with: rso resume \(sandbox.path("run")) --device opencl:0\n"))
      let resumed = try await resume(sandbox, "run", [], on: "opencl:0")
      #expect(try TrainingAnswer(resumed).stateSha256 == whole.stateSha256)
    }

    @Test("the device is in the provenance, and each repeats what the other has computed")
    func repeated() async throws {
      let sandbox = try Sandbox()
      for (run, device, other) in [("a", "opencl:0", "cpu"), ("b", "cpu", "opencl:0")] {
        let trained = try await train(sandbox, run, architecture: "mlp.json", on: device)
        try #require(trained.status == 0, "\(trained.errors)")
        let inspected = try await sandbox.rso(["inspect", run, "--json"])
        let kernels = try #require(
          inspected.output.firstMatch(of: /"instruction_set":"([^"]+)"/)?.1)
        #expect(kernels.contains(/^opencl, .+, driver .+$/) == (device == "opencl:0"))
        let verified = try await sandbox.rso(
          ["verify", run, "--replay", "2", "--device", other],
          environment: ["XDG_CACHE_HOME": Self.cache])
        #expect(verified.status == 0, "\(verified.output)")
        #expect(verified.output.contains("2 neurons: the same parameters"))
      }
    }

    @Test("a dry run and a benchmark say the memory of the device, and what a step asks of it")
    func measured() async throws {
      let sandbox = try Sandbox()
      let preview = try await sandbox.rso(
        sandbox.preview(sandbox.training("run", ["--device", "opencl:0"])),
        environment: ["XDG_CACHE_HOME": Self.cache])
      #expect(
        preview.output.contains(/\ndevice +opencl:0 \(.+\), about .+B of its .+B\n/),
        "\(preview.output)\(preview.errors)")
      let outcome = try await sandbox.rso(
        [
          "bench", "--arch", "small.json", "--batch-size", "64", "--samples", "128", "--seconds",
          "0.1", "--device", "opencl:0", "--json",
        ], environment: ["XDG_CACHE_HOME": Self.cache])
      try #require(outcome.status == 0, "\(outcome.errors)")
      let report = try #require(
        try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      #expect((report["instruction_set"] as? String)?.hasPrefix("opencl, ") == true)
      #expect(report["calibration"] == nil && (report["kernels"] as? [Any])?.isEmpty == true)
      let memory = try #require(report["memory"] as? [String: Any])
      #expect(try #require(memory["device_bytes"] as? Int) > 1_000_000)
      for layer in try #require(report["layers"] as? [[String: Any]]) {
        #expect(try #require(layer["launches_per_step"] as? Double) >= 1)
        #expect(try #require(layer["sent_bytes_per_step"] as? Double) > 0)
        #expect(try #require(layer["received_bytes_per_step"] as? Double) > 0)
      }
    }

    @Test("the runs of a sweep compute on a device")
    func sweep() async throws {
      let sandbox = try Sandbox()
      try sandbox.write(
        #"{"name": "s", "options": {"arch": "mlp.json", "data": "data", "cycles": 1}, "grid": {"hold": [1]}, "seeds": [1]}"#,
        to: "sweep.json")
      var states: [Substring] = []
      for device in ["cpu", "opencl:0"] {
        let outcome = try await sandbox.rso(
          ["sweep", "sweep.json", "-o", device, "--device", device, "--json"],
          environment: ["XDG_CACHE_HOME": Self.cache])
        try #require(outcome.status == 0, "\(outcome.errors)")
        states.append(
          try #require(outcome.output.firstMatch(of: /"state_sha256":"([0-9a-f]+)"/)?.1))
        if device != "cpu" { #expect(outcome.errors.contains("computing on opencl:0 (")) }
      }
      #expect(states[0] == states[1])
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
      let resumed = try await resume(sandbox, "run", [], on: "cpu")
      #expect(try TrainingAnswer(resumed).stateSha256 == whole.stateSha256)
    }
  }
}
