import Foundation
import TestSupport
import Testing

extension EndToEnd {
  @Suite("Runs of earlier versions")
  struct EarlierVersionTests {
    /// Files of `Fixtures/checkpoints/v2` of runs on MNIST, with the cycles of their plans.
    static let files = [("start", 3), ("cycle-1", 3), ("adapted", 3), ("binary", 2)]

    private static let mnist = Fixtures.url("mnist").path

    private func resume(
      _ file: String, _ options: [String], in sandbox: Sandbox
    ) async throws -> Outcome {
      try await sandbox.rso(
        [
          "resume", Fixtures.url("checkpoints/v2/\(file).h5").path, "--data", Self.mnist,
          "-o", sandbox.path(file), "--json",
        ] + options)
    }

    @Test("are continued to their ends, and the files are good", arguments: files)
    func continued(file: String, cycles: Int) async throws {
      let sandbox = try Sandbox()
      let answer = try TrainingAnswer(
        try await resume(file, ["--accept-different-bits"], in: sandbox))
      #expect(answer.cycles == cycles)
      let verified = try await sandbox.rso(["verify", sandbox.path(file)])
      #expect(verified.status == 0, "\(verified.output)")
    }

    @Test("are continued without a question where the bits are the same, as by version 0.5.0")
    func equalBits() async throws {
      let sandbox = try Sandbox()
      let answer = try TrainingAnswer(try await resume("binary", [], in: sandbox))
      #expect(answer.cycles == 2)
      #expect(
        answer.stateSha256 == "fb1219e373c5933184d8fba23019a20a55cc0ca83ac88fb070b350d94e71cf25")
      let verified = try await sandbox.rso(["verify", sandbox.path("binary"), "--json"])
      #expect(!verified.output.contains("different_bits"), "\(verified.output)")
    }

    @Test("are not continued in silence, and record it; a run that is continued later is the same")
    func acceptance() async throws {
      let sandbox = try Sandbox()
      let refused = try await resume("start", [], in: sandbox)
      #expect(refused.status == 64 && refused.errors.contains("trained by rso 0.3.0"))
      #expect(refused.errors.contains("--accept-different-bits"), "\(refused.errors)")
      let accepting = ["--accept-different-bits"]
      let whole = try TrainingAnswer(try await resume("start", accepting, in: sandbox))
      let rest = try TrainingAnswer(try await resume("cycle-1", accepting, in: sandbox))
      // The first cycle is that of 0.3.0 in one of them, and this version's in the other.
      #expect(whole.stateSha256 == rest.stateSha256)
      #expect(
        whole.stateSha256 == "50dfd552d5c87cde2efa29c374fef13f9694a60e2037a8c188fc4a59a8dc21f3")
      let verified = try await sandbox.rso(["verify", sandbox.path("start"), "--json"])
      #expect(
        verified.output.contains(#""different_bits":"rso 0.3.0 f32 until cycle 0 "#),
        "\(verified.output)")
    }
  }
}
