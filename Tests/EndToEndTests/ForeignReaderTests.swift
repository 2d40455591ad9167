import Foundation
import TestSupport
import Testing

extension EndToEnd {
  @Suite("Other people's readers")
  struct ForeignReaderTests {
    @Test("h5py reads every dataset of a checkpoint", arguments: ["small.json", "mlp.json"])
    func h5py(architecture: String) async throws {
      let sandbox = try Sandbox()
      let trained = try TrainingAnswer(
        try await sandbox.rso(sandbox.training("run", architecture: architecture, cycles: 1)))
      let output = try Python.run(
        "checkpoints/read_checkpoint.py", [sandbox.path("run/last.h5")])
      #expect(String(decoding: output, as: UTF8.self).contains(trained.stateSha256))
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

    @Test("h5repack writes a checkpoint anew, and h5diff finds nothing changed")
    func h5repack() async throws {
      let sandbox = try Sandbox()
      _ = try TrainingAnswer(try await sandbox.rso(sandbox.training("run", cycles: 2)))
      let last = sandbox.path("run/last.h5")
      let repacked = sandbox.path("repacked.h5")
      let outcome = try await Programs.run(
        "/usr/bin/env", ["h5repack", "-f", "GZIP=6", last, repacked])
      #expect(outcome.status == 0, "\(outcome.errors)")
      let equal = try await Programs.run("/usr/bin/env", ["h5diff", last, repacked])
      #expect(equal.status == 0, "\(equal.output)")
      let other = try await Programs.run(
        "/usr/bin/env", ["h5diff", last, sandbox.path("run/ckpt-000001.h5")])
      #expect(other.status == 1)
      #expect(other.output.contains("</parameters/conv1/weight>"))
      // Whatever else has written the file: to rso it is no longer a checkpoint as it was sealed.
      let evaluated = try await sandbox.rso(["eval", "repacked.h5", "--data", "data"])
      #expect(evaluated.status == 65)
    }
  }
}
