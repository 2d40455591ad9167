import Foundation
import TestSupport
import Testing

extension EndToEndOnForeignFiles {
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

    @Test("another program draws the numbers of a run anew, and comes to the same weights")
    func redrawn() async throws {
      let sandbox = try Sandbox()
      let table = [
        ("small", "--batching random --sigma-scale 0.7 --anneal-to 0.3 --weight-decay 0.001"),
        ("mlp", "--batching random --proposal uniform --selection vertex"),
        ("small", "--proposal template --order input --layers forward --parallel layer"),
        ("mlp", "--parallel neuron --hold 5 --selection first --anneal none"),
      ]
      for (row, (architecture, options)) in table.enumerated() {
        let run = "run\(row)"
        _ = try TrainingAnswer(
          try await sandbox.rso(
            sandbox.training(
              run, architecture: "\(architecture).json", cycles: 2,
              options.split(separator: " ").map(String.init))))
        let files = (0...2).map { sandbox.path("\(run)/ckpt-00000\($0).h5") }
        let outcome = try await read(files)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.count { $0 == "initial weights redrawn" } == 3)
        #expect(lines.count { $0.contains(" steps redrawn, ") } == 2)
      }
    }

    @Test("files of format version 1 are read by the reader of the manual")
    func version1() async throws {
      let files = ["start", "cycle-1", "inside", "mlp", "tiny"].map {
        Fixtures.url("checkpoints/v1/\($0).h5").path
      }
      let outcome = try await read(files)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("\n462 steps redrawn, "))
      #expect(outcome.output.contains("\n36 steps redrawn, "))
      let edited = try await read([Fixtures.url("checkpoints/edited.h5").path])
      #expect(edited.status == 1 && edited.errors.contains("SHA-256 is"))
    }

    @Test("files of format version 2 are read by the reader of the manual")
    func version2() async throws {
      let files = ["start", "cycle-1", "inside"].map {
        Fixtures.url("checkpoints/v2/\($0).h5").path
      }
      let outcome = try await read(files)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("\n84 steps redrawn, "))
      #expect(outcome.output.contains("/search/layer_parameters float32 (44,)"))
    }

    @Test(
      "files of the version that is written are read by it, with deviations that follow the steps")
    func current() async throws {
      let sandbox = try Sandbox()
      let options = ["--adapt", "success", "--sigma-scale", "20", "--batch-factors", "fc:2"]
      _ = try TrainingAnswer(
        try await sandbox.rso(sandbox.training("run", cycles: 3) + options))
      let files = (0...3).map { sandbox.path("run/ckpt-00000\($0).h5") }
      let outcome = try await read(files)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.components(separatedBy: " steps redrawn, ").count == 4)
      #expect(outcome.output.contains("/search/deviation_factor float64 ("))
    }

    private func read(_ files: [String]) async throws -> Outcome {
      try await Programs.run(
        try Python.interpreter(),
        [Fixtures.url("checkpoints/read_checkpoint.py").path] + files)
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
