import Foundation
import TestSupport
import Testing

extension EndToEndOnForeignFiles {
  @Suite("Import, from the command line")
  struct ImportTests {
    private func trained(_ architecture: String = "small.json") async throws -> Sandbox {
      let sandbox = try Sandbox()
      _ = try TrainingAnswer(
        try await sandbox.rso(
          sandbox.training("run", architecture: architecture, cycles: 1)))
      return sandbox
    }

    private func succeed(_ sandbox: Sandbox, _ arguments: [String]) async throws -> Outcome {
      let outcome = try await sandbox.rso(arguments)
      try #require(outcome.status == 0, "\(arguments): \(outcome.errors)")
      return outcome
    }

    @Test(
      "what was exported and imported answers and exports as before",
      arguments: ["safetensors", "npz", "onnx", "h5"], ["small.json", "mlp.json"])
    func roundTrip(format: String, architecture: String) async throws {
      let sandbox = try await trained(architecture)
      _ = try await succeed(sandbox, ["export", "run", "-o", "w.\(format)"])
      _ = try await succeed(
        sandbox, ["import", "w.\(format)", "--data", "data", "-o", "i.h5"])
      for path in ["run", "i.h5"] {
        _ = try await succeed(sandbox, ["export", path, "-o", "\(path).csv", "--data", "data"])
      }
      #expect(try sandbox.data("run.csv") == sandbox.data("i.h5.csv"))
      let arguments = ["--data", "data", "--json"]
      let before = try EvaluationAnswer(try await sandbox.rso(["eval", "run"] + arguments))
      let after = try EvaluationAnswer(try await sandbox.rso(["eval", "i.h5"] + arguments))
      #expect(before.confusion == after.confusion)
      #expect(before.loss == after.loss)
      #expect(after.cycle == 0)
      #expect(try await sandbox.rso(["verify", "i.h5"]).status == 0)
    }

    @Test(
      "an ONNX file with the normalisation of floats is imported and trained from",
      arguments: ["0", "1.5"])
    func floats(target: String) async throws {
      let sandbox = try Sandbox()
      let rows = (0..<60).map { "\(1000 + $0).5,\($0 * 31 % 17),\($0 % 3)\(target.dropFirst())\n" }
      try sandbox.write(rows.joined(), to: "t.csv")
      let training = ["train", "--data", "t.csv", "--test", "0.2", "--cycles", "1"]
      _ = try await succeed(sandbox, training + ["--arch", "auto", "-o", "run"])
      _ = try await succeed(
        sandbox, ["export", "run", "-o", "w.onnx", "--include-normalization"])
      _ = try await succeed(
        sandbox, ["import", "w.onnx", "--data", "t.csv", "--test", "0.2", "-o", "i.h5"])
      for path in ["run", "i.h5"] {
        _ = try await succeed(sandbox, ["export", path, "-o", "\(path).csv"])
      }
      #expect(try sandbox.data("run.csv") == sandbox.data("i.h5.csv"))
      #expect(try await sandbox.rso(["diff", "run", "w.onnx"]).status == 0)
      _ = try await succeed(sandbox, training + ["--init", "w.onnx", "-o", "further"])
    }

    @Test("another tool's file is imported as the network that is named")
    func foreign() async throws {
      let sandbox = try await trained("mlp.json")
      _ = try Python.run("exporters/make_weights.py", [sandbox.path("weights")])
      let unnamed = try await sandbox.rso([
        "import", "weights.safetensors", "--data", "data", "-o", "i.h5",
      ])
      #expect(unnamed.status == 64)
      #expect(unnamed.errors.contains("name one with --preset or --arch"))
      for format in ["safetensors", "npz", "onnx"] {
        let outcome = try await succeed(
          sandbox,
          [
            "import", "weights.\(format)", "--arch", "mlp.json", "--data", "data", "-o", "i.h5",
            "--force",
          ])
        #expect(outcome.errors.contains("'weights.\(format)'"))
        _ = try await succeed(sandbox, ["export", "i.h5", "-o", "\(format).csv"])
        let rows = String(decoding: try sandbox.data("\(format).csv"), as: UTF8.self)
          .split(separator: "\n")
        #expect(rows[1] == "fc1.weight,0,0,,,-1.0")
        #expect(rows[2] == "fc1.weight,0,1,,,-0.99609375")
        #expect(rows.last == "fc2.bias,9,,,,9.0")
      }
    }

    @Test("everything that does not fit is listed, and nothing is written")
    func mismatches() async throws {
      let sandbox = try await trained("mlp.json")
      _ = try await succeed(sandbox, ["export", "run", "-o", "w.npz"])
      for verb in [["import", "w.npz", "-o", "i.h5"], ["train", "--init", "w.npz", "-o", "new"]] {
        let outcome = try await sandbox.rso(verb + ["--arch", "small.json", "--data", "data"])
        #expect(outcome.status == 65)
        for line in [
          "cannot use 'w.npz': its tensors are not those of network 'small':",
          "  conv1.weight: missing, expected 6 x 1 x 3 x 3",
          "  fc.weight: missing, expected 10 x 6", "  'fc1.bias': not of this network, 8",
        ] {
          #expect(outcome.errors.contains(line), "\(outcome.errors)")
        }
      }
      #expect(!sandbox.exists("i.h5"))
      #expect(!sandbox.exists("new"))
    }

    @Test(
      "a run from given weights begins with them, and resumes bit for bit",
      arguments: ["w.safetensors", "w.onnx", "run/last.h5", "run", "run@last", "i.h5"])
    func initial(file: String) async throws {
      let sandbox = try await trained()
      _ = try await succeed(sandbox, ["export", "run", "-o", "w.safetensors"])
      _ = try await succeed(sandbox, ["export", "run", "-o", "w.onnx"])
      _ = try await succeed(sandbox, ["import", "w.onnx", "--data", "data", "-o", "i.h5"])
      let whole = try TrainingAnswer(
        try await sandbox.rso(sandbox.training("whole", cycles: 5, ["--init", file])))
      for (path, table) in [("run", "a.csv"), ("whole/ckpt-000000.h5", "b.csv")] {
        _ = try await succeed(
          sandbox, ["export", path, "-o", table, "--data", "data"])
      }
      #expect(try sandbox.data("a.csv") == sandbox.data("b.csv"))

      let running = try sandbox.start(
        sandbox.training("cut", cycles: 5, ["--init", file, "--save-interval", "0.02"]))
      try #require(try await running.runs { sandbox.exists("cut/ckpt-000002.h5") })
      running.send(SIGKILL)
      _ = try await running.end()
      // What they were taken from is not needed again.
      for name in ["w.safetensors", "w.onnx", "i.h5", "run"] {
        try FileManager.default.removeItem(atPath: sandbox.path(name))
      }
      let resumed = try TrainingAnswer(
        try await sandbox.rso(["resume", "cut", "--data", "data", "--json"]))
      #expect(resumed.stateSha256 == whole.stateSha256)
      let verified = try await sandbox.rso(["verify", "cut", "--replay", "2", "--data", "data"])
      #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
      let drawn = try TrainingAnswer(
        try await sandbox.rso(sandbox.training("drawn", cycles: 5)))
      #expect(drawn.stateSha256 != whole.stateSha256)
    }

    @Test("--dry-run says where the weights come from; weights without deviation are warned of")
    func preview() async throws {
      let sandbox = try await trained("mlp.json")
      _ = try Python.run("exporters/make_weights.py", [sandbox.path("weights"), "constant"])
      let arguments = sandbox.training(
        "new", architecture: "mlp.json", cycles: 1, ["--init", "weights.npz"])
      let preview = try await succeed(sandbox, sandbox.preview(arguments))
      #expect(preview.output.contains("weights"))
      #expect(preview.output.contains("of 'weights.npz'"))
      let trained = try await succeed(sandbox, arguments)
      #expect(trained.errors.contains("warning: the initial weights of 'fc2' are all equal"))
      #expect(!trained.errors.contains("warning: the initial weights of 'fc1'"))
    }

    @Test("damaged files are refused", arguments: ["safetensors", "npz", "onnx"])
    func damaged(format: String) async throws {
      let sandbox = try await trained()
      _ = try await succeed(sandbox, ["export", "run", "-o", "w.\(format)"])
      let good = try sandbox.data("w.\(format)")
      var flipped = good
      // A byte of the version, of an array, of the size of the header.
      flipped[format == "npz" ? 60 : format == "onnx" ? 1 : 0] ^= 0x80
      for (name, bytes) in [("cut", good.dropLast(10)), ("flipped", flipped)] {
        try bytes.write(to: sandbox.url.appendingPathComponent(name))
        for verb in [["import", name, "-o", "i.h5"], ["train", "--init", name, "-o", "new"]] {
          let outcome = try await sandbox.rso(verb + ["--data", "data"])
          #expect(outcome.status == 65, "\(name): \(outcome.errors)")
          #expect(
            outcome.errors.contains(
              "cannot read '\(name)': not a good \(format == "onnx" ? "ONNX" : format) file: "))
        }
      }
      #expect(!sandbox.exists("i.h5"))
      #expect(!sandbox.exists("new"))
    }

    @Test("an HDF5 file of other arrays is refused with what is missing")
    func bare() async throws {
      let sandbox = try await trained("mlp.json")
      let other = Fixtures.url("inspection/nested.h5").path
      let outcome = try await sandbox.rso([
        "import", other, "--arch", "mlp.json", "--data", "data", "-o", "i.h5",
      ])
      #expect(outcome.status == 65)
      #expect(outcome.errors.contains("  fc1.weight: missing"), "\(outcome.errors)")
      #expect(!sandbox.exists("i.h5"))
    }
  }
}
