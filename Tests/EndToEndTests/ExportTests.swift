import Foundation
import TestSupport
import Testing

extension EndToEndOnForeignFiles {
  @Suite("Export, from the command line")
  struct ExportTests {
    private func trained() async throws -> Sandbox {
      let sandbox = try Sandbox()
      _ = try TrainingAnswer(try await sandbox.rso(sandbox.training("run", cycles: 1)))
      return sandbox
    }

    @Test(
      "ONNX Runtime gives the logits of 'rso eval --predictions' on 1,000 digits",
      arguments: [
        ["--preset", "mnist-6conv"], ["--preset", "mnist-6conv-average"], ["--arch", "bent.json"],
      ])
    func digits(network: [String]) async throws {
      let sandbox = try Sandbox()
      try sandbox.write(
        """
        {"input": [1, 28, 28], "classes": 10, "layers": [
          {"type": "convolution", "filters": 4}, {"type": "average-pool"}, {"type": "batch-norm"},
          {"type": "tanh"}, {"type": "convolution", "filters": 6}, {"type": "batch-norm"},
          {"type": "leaky-relu", "slope": 0.1}, {"type": "global-pool", "mode": "average"},
          {"type": "linear", "outputs": 10}]}
        """, to: "bent.json")
      _ = try Python.run("exporters/digits.py", [sandbox.path("digits"), "1000"])
      _ = try TrainingAnswer(
        try await sandbox.rso(
          [
            "train", "--data", "digits", "--cycles", "1", "--batch-size", "10",
            "--phase-samples", "20", "--seed", "5", "-o", "run", "--json",
          ] + network))
      let exported = try await sandbox.rso([
        "export", "run", "-o", "images.onnx", "--include-normalization",
      ])
      #expect(exported.status == 0, "\(exported.errors)")
      let evaluated = try await sandbox.rso([
        "eval", "run", "--data", "digits", "--predictions", "p.csv",
      ])
      #expect(evaluated.status == 0, "\(evaluated.errors)")
      let comparison = try JSONDecoder().decode(
        PredictionComparison.self,
        from: Python.run(
          "exporters/check_predictions.py",
          ["images.onnx", "digits", "p.csv"].map(sandbox.path)))
      #expect(comparison.samples == 1000)
      #expect(comparison.deviation <= 1e-4)
    }

    @Test("ONNX Runtime gives the logits of 'rso eval --predictions' on a table of floats")
    func floats() async throws {
      let sandbox = try Sandbox()
      func table(_ count: Int) -> String {
        (0..<count).map { row in
          let kind = row % 3
          return "\(1000 + kind).\(row * 7 % 10),\(row * 31 % 17 - 8 * kind),\(kind)\n"
        }.joined()
      }
      try sandbox.write(table(150), to: "t.csv")
      try sandbox.write(table(40), to: "v.csv")
      _ = try TrainingAnswer(
        try await sandbox.rso([
          "train", "--data", "t.csv", "--test-data", "v.csv", "--arch", "auto", "--cycles", "1",
          "-o", "run", "--json",
        ]))
      let exported = try await sandbox.rso([
        "export", "run", "-o", "net.onnx", "--include-normalization",
      ])
      #expect(exported.status == 0, "\(exported.errors)")
      let evaluated = try await sandbox.rso(["eval", "run", "--predictions", "p.csv"])
      #expect(evaluated.status == 0, "\(evaluated.errors)")
      let comparison = try JSONDecoder().decode(
        PredictionComparison.self,
        from: Python.run(
          "exporters/check_predictions.py", ["net.onnx", "v.csv", "p.csv"].map(sandbox.path)))
      #expect(comparison.samples == 40 && comparison.deviation <= 1e-4)
      let module = try await sandbox.rso([
        "export", "run", "-o", "w.safetensors", "--emit-pytorch", "net.py",
      ])
      #expect(module.status == 0, "\(module.errors)")
      #expect(
        String(decoding: try sandbox.data("net.py"), as: UTF8.self)
          .contains("samples.double().reshape(-1, 2, 1, 1)"))
    }

    @Test(
      "each format is written, the same each time, by suffix or by name",
      arguments: ["safetensors", "npz", "onnx", "csv", "json", "h5"])
    func formats(format: String) async throws {
      let sandbox = try await trained()
      for (path, more) in [("a.\(format)", []), ("b", ["--format", format])] {
        let outcome = try await sandbox.rso(["export", "run", "-o", path] + more)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output == "")
      }
      #expect(try sandbox.data("a.\(format)") == sandbox.data("b"))
      let command =
        "'\(Programs.path("rso"))' export run/last.h5 -o - --format \(format) > c"
      let piped = try await Programs.run("/bin/bash", ["-c", command], in: sandbox.url)
      #expect(piped.status == 0)
      #expect(piped.errors == "")
      #expect(try sandbox.data("a.\(format)") == sandbox.data("c"))
    }

    @Test("a file that exists is replaced only with --force, and what is no file never")
    func overwriting() async throws {
      let sandbox = try await trained()
      try sandbox.write("mine", to: "a.npz")
      let arguments = ["export", "run", "-o", "a.npz"]
      let refused = try await sandbox.rso(arguments)
      #expect(refused.status == 73)
      #expect(refused.errors.contains("'a.npz' exists; use --force to replace it"))
      #expect(try sandbox.data("a.npz") == Data("mine".utf8))
      #expect(try await sandbox.rso(arguments + ["--force"]).status == 0)
      #expect(try sandbox.data("a.npz").starts(with: Data("PK".utf8)))
      for path in ["data", "/dev/null"] {
        let outcome = try await sandbox.rso([
          "export", "run", "-o", path, "--format", "npz", "--force",
        ])
        #expect(outcome.status == 73)
        #expect(outcome.errors.contains("not a regular file"))
      }
      // Neither of two files is written when one is in the way.
      let module = try await sandbox.rso([
        "export", "run", "-o", "b.safetensors", "--emit-pytorch", "a.npz",
      ])
      #expect(module.status == 73)
      #expect(!sandbox.exists("b.safetensors"))
      let missing = try await sandbox.rso(["export", "run", "-o", "none/a.npz"])
      #expect(missing.status == 73)
    }

    @Test("--emit-pytorch writes a module that finds the weights beside it")
    func module() async throws {
      let sandbox = try await trained()
      let outcome = try await sandbox.rso([
        "export", "run", "-o", "w.safetensors", "--emit-pytorch", "net.py",
      ])
      #expect(outcome.status == 0, "\(outcome.errors)")
      let text = String(decoding: try sandbox.data("net.py"), as: UTF8.self)
      #expect(text.contains(".parent / \"w.safetensors\""))
      #expect(text.contains("self.conv1 = nn.Conv2d(1, 6, 3, padding=1, bias=False)"))
    }

    @Test(
      "integer weights are exported as such, with their size, and are those of the checkpoint",
      arguments: [
        ("binary", "npz"), ("int8", "safetensors"), ("binary", "onnx"), ("ternary", "npz"),
      ])
    func integers(weights: String, format: String) async throws {
      let sandbox = try Sandbox()
      _ = try TrainingAnswer(
        try await sandbox.rso(
          sandbox.training("run", architecture: "mlp.json", cycles: 1, ["--weights", weights])))
      let file = "net.\(format)"
      let exported = try await sandbox.rso(["export", "run", "-o", file])
      #expect(exported.status == 0, "\(exported.errors)")
      #expect(exported.errors.contains(" \(weights) weights in "), "\(exported.errors)")
      #expect(exported.errors.contains(" in float32)"))
      let real = try await sandbox.rso(["export", "run", "-o", "real.\(format)", "--float32"])
      #expect(real.status == 0, "\(real.errors)")
      #expect(!real.errors.contains(" weights in "))
      #expect(try sandbox.data(file).count < sandbox.data("real.\(format)").count)
      // The same numbers, under the same names.
      let difference = try await sandbox.rso(["diff", "run", file])
      #expect(difference.status == 0, "\(difference.output)\(difference.errors)")
      let other = try await sandbox.rso(["diff", "run/ckpt-000000.h5", file])
      #expect(other.status == 1, "\(other.output)\(other.errors)")
      // A new run begins with them.
      let imported = try await sandbox.rso([
        "import", file, "--data", "data", "-o", "imported.h5",
      ])
      #expect(imported.status == 0, "\(imported.errors)")
      #expect(try await sandbox.rso(["diff", "imported.h5", file]).status == 0)
    }

    @Test("a reader that goes away ends it quietly; a full disk does not pass unseen")
    func output() async throws {
      let sandbox = try await trained()
      let command = "'\(Programs.path("rso"))' export run -o - --format csv"
      let pipe = try await Programs.run(
        "/bin/bash", ["-c", "\(command) | true; exit ${PIPESTATUS[0]}"], in: sandbox.url)
      #expect(pipe.status == 141)
      #expect(pipe.errors == "")
      let full = try await Programs.run(
        "/bin/bash", ["-c", "\(command) >/dev/full"], in: sandbox.url)
      #expect(full.status == 74)
      #expect(full.errors.contains("rso-export: cannot write"))
    }

    @Test("the newest good checkpoint of a run is taken; one without statistics gets them")
    func newest() async throws {
      let sandbox = try await trained()
      #expect(try await sandbox.rso(["export", "run", "-o", "a.csv"]).status == 0)
      // The beginning of the run has no statistics of batch norms.
      let early = try await sandbox.rso([
        "export", "run/ckpt-000000.h5", "-o", "b.csv", "--data", "data",
      ])
      #expect(early.status == 0, "\(early.errors)")
      #expect(early.errors.contains("computing them from the training set first"))
      let rows = String(decoding: try sandbox.data("b.csv"), as: UTF8.self)
      #expect(rows.contains("conv1_norm.running_var,0,,,,"))
      #expect(try sandbox.data("a.csv") != sandbox.data("b.csv"))
      let alone = try await sandbox.rso(["export", "run/ckpt-000000.h5", "-o", "c.json", "-q"])
      #expect(alone.status == 0)
      #expect(alone.errors == "")

      var bytes = try sandbox.data("run/last.h5")
      bytes[bytes.count - 20] ^= 1
      try bytes.write(to: sandbox.url.appendingPathComponent("run/last.h5"))
      let fallback = try await sandbox.rso(["export", "run", "-o", "d.csv"])
      #expect(fallback.status == 0)
      #expect(fallback.errors.contains("warning"))
      #expect(try sandbox.data("a.csv") == sandbox.data("d.csv"))
    }
  }
}
