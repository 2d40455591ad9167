import Foundation
import TestSupport
import Testing

extension EndToEnd {
  @Suite("Other people's readers")
  struct ForeignReaderTests {
    /// The Python that `make check` prepares, with h5py and numpy.
    private func python() throws -> String {
      try #require(
        ProcessInfo.processInfo.environment["RSO_PYTHON"],
        "RSO_PYTHON must name a Python with h5py and numpy; 'make check' provides one")
    }

    @Test("h5py reads every dataset of a checkpoint", arguments: ["small.json", "mlp.json"])
    func h5py(architecture: String) async throws {
      let sandbox = try Sandbox()
      let trained = try TrainingAnswer(
        try await sandbox.rso(sandbox.training("run", architecture: architecture, cycles: 1)))
      let script = Fixtures.url("checkpoints/read_checkpoint.py").path
      let outcome = try await Programs.run(try python(), [script, sandbox.path("run/last.h5")])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains(trained.stateSha256))
    }

    @Test("h5dump reads every dataset of a checkpoint")
    func h5dump() async throws {
      let sandbox = try Sandbox()
      _ = try TrainingAnswer(try await sandbox.rso(sandbox.training("run", cycles: 1)))
      let outcome = try await Programs.run(
        "/usr/bin/env", ["h5dump", sandbox.path("run/last.h5")])
      #expect(outcome.status == 0, "\(outcome.errors)")
      for part in ["parameters", "conv1", "weight", "gamma", "initial_deviation", "state_sha256"] {
        #expect(outcome.output.contains("\"\(part)\""), "\(part)")
      }
    }
  }
}
