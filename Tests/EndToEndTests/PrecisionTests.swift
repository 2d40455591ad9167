import Foundation
import Testing

extension EndToEndOnFiles {
  /// Holds on processors with bf16 and without.
  @Suite("Precision, from the command line")
  struct PrecisionTests {
    @Test("--dry-run says the arithmetic, f32 unless asked for otherwise")
    func dryRun() async throws {
      let sandbox = try Sandbox()
      let outcome = try await sandbox.rso(sandbox.preview(sandbox.training("run")))
      #expect(outcome.status == 0)
      #expect(outcome.output.contains(/precision +f32\n/))
    }

    @Test("bf16 trains, goes on and is measured; or is refused with what is there and what is not")
    func bf16() async throws {
      let sandbox = try Sandbox()
      let arguments = sandbox.training("run", cycles: 1, ["--precision", "bf16"])
      let preview = try await sandbox.rso(sandbox.preview(arguments))
      let outcome = try await sandbox.rso(arguments)
      #expect(preview.status == outcome.status)
      guard outcome.status == 0 else {
        for refusal in [preview, outcome] {
          #expect(refusal.status == 69, "\(refusal.errors)")
          #expect(refusal.errors.hasPrefix("rso-train: cannot compute in bf16 here: "))
          #expect(refusal.errors.contains("AVX512-BF16"))
          #expect(refusal.errors.contains("(f32, f32-direct)"))
        }
        #expect(!sandbox.exists("run"))
        return
      }
      #expect(preview.output.contains(/precision +bf16-/))
      let trained = try TrainingAnswer(outcome)
      let data = ["--data", sandbox.path("data")]
      let resumed = try TrainingAnswer(
        try await sandbox.rso(
          ["resume", sandbox.path("run"), "--precision", "bf16", "--json"] + data
            + ["--cycles", "2", "--extend", "keep"]))
      #expect(resumed.cycles == 2 && resumed.stateSha256 != trained.stateSha256)
      // In single precision, as the run itself judges its network: so any processor can.
      let judged = try EvaluationAnswer(
        try await sandbox.rso(["eval", sandbox.path("run"), "--json"] + data))
      let metrics = String(decoding: try sandbox.data("run/metrics.csv"), as: UTF8.self)
      #expect(judged.accuracy == resumed.testAccuracy && metrics.contains(",\(judged.loss),"))
    }

    @Test("f32-direct trains, is resumed, verified and measured on every processor")
    func direct() async throws {
      let sandbox = try Sandbox()
      let data = ["--data", sandbox.path("data")]
      let trained = try TrainingAnswer(
        try await sandbox.rso(
          sandbox.training("run", cycles: 1, ["--precision", "f32-direct"])))
      let resumed = try TrainingAnswer(
        try await sandbox.rso(
          ["resume", sandbox.path("run"), "--json", "--cycles", "2", "--extend", "keep"] + data))
      #expect(resumed.cycles == 2 && resumed.stateSha256 != trained.stateSha256)
      let verified = try await sandbox.rso(
        ["verify", sandbox.path("run"), "--replay", "1", "--json"] + data)
      #expect(verified.status == 0, "\(verified.errors)")
      #expect(verified.output.contains(#""numeric_path":"f32-direct""#))
      let measured = try await sandbox.rso(
        [
          "bench", "--arch", "small.json", "--samples", "100", "--batch-size", "50", "--seconds",
          "0", "--precision", "f32-direct", "--json",
        ])
      #expect(measured.status == 0 && measured.output.contains(#""numeric_path":"f32-direct""#))
      #expect(!measured.output.contains("winograd"))
    }

    @Test("a run stays with its precision")
    func resume() async throws {
      let sandbox = try Sandbox()
      let trained = try TrainingAnswer(try await sandbox.rso(sandbox.training("run", cycles: 1)))
      let more = ["--data", sandbox.path("data"), "--cycles", "2", "--extend", "keep", "--json"]
      let refused = try await sandbox.rso(
        ["resume", sandbox.path("run"), "--precision", "bf16"] + more)
      #expect(refused.status == 64)
      #expect(refused.errors.contains(/--precision +f32 +bf16\n/))
      let resumed = try TrainingAnswer(
        try await sandbox.rso(["resume", sandbox.path("run"), "--precision", "f32"] + more))
      #expect(resumed.cycles == 2 && resumed.stateSha256 != trained.stateSha256)
    }
  }
}
