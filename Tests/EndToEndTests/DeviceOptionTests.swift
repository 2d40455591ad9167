import Foundation
import TestSupport
import Testing

extension EndToEndOnFiles {
  /// PoCL, which Debian has, makes the processor a device.
  @Suite("--device, from the command line")
  struct DeviceOptionTests {
    private let sandbox: Sandbox
    private let cache: [String: String]

    init() throws {
      sandbox = try Sandbox()
      cache = ["XDG_CACHE_HOME": sandbox.path("cache")]
    }

    private func rso(
      _ arguments: [String], environment: [String: String] = [:]
    ) async throws -> Outcome {
      try await sandbox.rso(arguments, environment: cache.merging(environment) { $1 })
    }

    @Test("auto takes no device that is the processor, says so, and changes nothing")
    func processor() async throws {
      let plain = try TrainingAnswer(try await rso(sandbox.training("a")))
      let outcome = try await rso(sandbox.training("b", ["--device", "auto"]))
      #expect(
        outcome.errors.contains(
          #/^computing on the processor: opencl:0 \(.+\) is the processor, which is faster without OpenCL\n/#
        ), "\(outcome.errors)")
      #expect(try TrainingAnswer(outcome).stateSha256 == plain.stateSha256)
      // Nothing was tested for that.
      #expect(!sandbox.exists("cache/rso"))
      let quiet = try await rso(sandbox.training("c", ["--device", "auto", "--quiet"]))
      #expect(quiet.errors == "")
    }

    @Test("a dry run says what computes")
    func dryRun() async throws {
      let plain = try await rso(sandbox.preview(sandbox.training("run")))
      #expect(plain.output.contains(/\ndevice +cpu \(.+\)\n/) && plain.errors == "")
      let chosen = try await rso(
        sandbox.preview(sandbox.training("run", ["--device", "auto"])),
        environment: ["OCL_ICD_VENDORS": "/nonexistent"])
      #expect(chosen.output.contains(/\ndevice +cpu \(.+\)\n/))
      #expect(chosen.errors.hasPrefix("computing on the processor: no OpenCL devices: "))
    }

    @Test(
      "a device that is not there, or none, is refused before anything is written",
      arguments: [
        (["opencl:7"], [:], "there is no device 'opencl:7'; the devices are opencl:0 ("),
        (["opencl:0"], ["OCL_ICD_VENDORS": "/nonexistent"], "no OpenCL devices: "),
      ] as [([String], [String: String], String)])
    func missing(device: [String], environment: [String: String], message: String) async throws {
      for words in [sandbox.training("run"), ["bench", "--arch", "small.json", "--json"]] {
        let outcome = try await rso(words + ["--device"] + device, environment: environment)
        #expect(outcome.status == 69 && outcome.output == "")
        #expect(outcome.errors.hasPrefix("rso-\(words[0]): \(message)"), "\(outcome.errors)")
      }
      #expect(!sandbox.exists("run"))
    }

    @Test("a device that gave other bits is refused by name, with the first case")
    func otherBits() async throws {
      let tested = try await rso(["devices", "--json"])
      try #require(tested.status == 0, "PoCL is missing: 'make check-packages'")
      let files = try FileManager.default.contentsOfDirectory(
        atPath: sandbox.path("cache/rso/devices"))
      for file in files {
        try sandbox.write("differs\t9\t2\tpool\n", to: "cache/rso/devices/\(file)")
      }
      let outcome = try await rso(sandbox.training("run", ["--device", "opencl:0"]))
      #expect(outcome.status == 69 && !sandbox.exists("run"))
      #expect(
        outcome.errors.contains(
          #/^rso-train: device 'opencl:0' \(.+\) gives other bits than the processor in 2 of 9 kernel cases, /#
        ), "\(outcome.errors)")
      #expect(
        outcome.errors.hasSuffix(
          "the first of them 'pool'; compute on the processor with --device cpu\n"))
    }

    @Test("a GPU that lacks something or cannot be tested is refused, or left out automatically")
    func unfit() async throws {
      let there = try await FakeOpenCL.environment(in: sandbox)
      let lacking = "lacks denormal numbers, double precision"
      let refused = try await rso(
        sandbox.training("run", ["--device", "opencl:0"]), environment: there)
      #expect(refused.status == 69 && !sandbox.exists("run"))
      #expect(
        refused.errors
          == "rso-train: device 'opencl:0' (device) \(lacking); compute on the processor with --device cpu\n"
      )
      let automatic = try await rso(
        sandbox.training("run", ["--device", "auto"]), environment: there)
      #expect(automatic.status == 0)
      #expect(
        automatic.errors.hasPrefix("computing on the processor: opencl:0 (device) \(lacking)\n"))
      let complete = there.merging(["COMPLETE": "1"]) { $1 }
      let untested = try await rso(
        ["verify", "run", "--replay", "1", "--device", "opencl:0", "--data", "data"],
        environment: complete)
      #expect(untested.status == 2)
      #expect(
        untested.errors.contains("testing opencl:0 (device) for the first time, which can take"))
      #expect(untested.output.contains("device 'opencl:0' (device) cannot be tested: "))
      // Processes that compute together do not test all at once.
      let ranks = complete.merging(
        ["PMI_SIZE": "2", "PMI_RANK": "0", "RSO_MPI": "/nonexistent"]) { $1 }
      let ranked = try await rso(
        sandbox.training("other", ["--device", "opencl:0"]), environment: ranks)
      #expect(ranked.status == 69)
      #expect(
        ranked.errors.contains("was never tested; run 'rso devices' on each machine first"),
        "\(ranked.errors)")
    }

    @Test("a driver that crashes ends alone")
    func crash() async throws {
      let crashing = try await FakeOpenCL.environment(in: sandbox)
        .merging(["CRASH": "1"]) { $1 }
      let outcome = try await rso(
        sandbox.training("run", ["--device", "auto"]), environment: crashing)
      #expect(outcome.status == 0)
      #expect(
        outcome.errors.hasPrefix(
          "computing on the processor: no OpenCL devices: the driver crashed: Segmentation fault\n")
      )
    }

    @Test("a sweep refuses a device before its first run, and its file names none")
    func sweep() async throws {
      try sandbox.write(
        #"{"name": "s", "options": {"arch": "small.json", "data": "data", "cycles": 1}, "grid": {"hold": [1]}, "seeds": [1]}"#,
        to: "sweep.json")
      let outcome = try await rso(["sweep", "sweep.json", "-o", "s", "--device", "opencl:7"])
      #expect(outcome.status == 69 && outcome.output == "")
      #expect(outcome.errors.contains("there is no device 'opencl:7'"), "\(outcome.errors)")
      try sandbox.write(
        #"{"name": "s", "options": {"arch": "small.json", "data": "data", "device": "auto"}, "grid": {"hold": [1]}, "seeds": [1]}"#,
        to: "named.json")
      let named = try await rso(["sweep", "named.json", "-o", "n"])
      #expect(named.status == 65 && named.errors.contains("give it to rso sweep"))
    }
  }
}
