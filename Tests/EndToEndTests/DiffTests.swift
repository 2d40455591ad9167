import Foundation
import TestSupport
import Testing

extension EndToEndOnFiles {
  @Suite("Differences, from the command line")
  struct DiffTests {
    private func trained() async throws -> Sandbox {
      let sandbox = try Sandbox()
      _ = try TrainingAnswer(try await sandbox.rso(sandbox.training("run", cycles: 3)))
      return sandbox
    }

    @Test("a run and itself, or its repetition, do not differ: status 0, and silence with -q")
    func equal() async throws {
      let sandbox = try await trained()
      _ = try TrainingAnswer(
        try await sandbox.rso(sandbox.training("again", cycles: 3, ["--threads", "2"])))
      let outcome = try await sandbox.rso(["diff", "run", "again"])
      #expect(outcome.status == 0, "\(outcome.output)")
      #expect(outcome.output == "identical: both continue in the same way, bit for bit\n")
      let quiet = try await sandbox.rso(["diff", "-q", "run", "again"])
      #expect(quiet.status == 0 && quiet.output == "" && quiet.errors == "")
    }

    @Test("the first line tells a later state; the sections, what changed on the way")
    func descendant() async throws {
      let sandbox = try await trained()
      let outcome = try await sandbox.rso(["diff", "run@1", "run@3"])
      #expect(outcome.status == 1)
      let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines[0] == "descendant: 'run@3' is 'run@1' 2 cycles later")
      for part in ["\ncursor\n", "\nparameters\n", "\nstatistics\n", "\nhistory\n", "conv1[", "->"]
      {
        #expect(outcome.output.contains(part), "\(part)")
      }
      #expect(!outcome.output.contains("\nplan\n") && !outcome.output.contains("\nnetwork\n"))
      #expect(lines.allSatisfy { $0.last != " " })
      let quiet = try await sandbox.rso(["diff", "-q", "run@1", "run@3"])
      #expect(quiet.status == 1 && quiet.output == lines[0] + "\n")
    }

    @Test("JSON tells relation, place and every difference")
    func json() async throws {
      let sandbox = try await trained()
      let outcome = try await sandbox.rso(["diff", "run@3", "run@2", "--json"])
      #expect(outcome.status == 1)
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      #expect(object["relation"] as? String == "descendant")
      #expect(object["later"] as? String == "run@3" && object["cycles"] as? Int == 1)
      #expect(object["equal"] as? Bool == false)
      let names = (object["differences"] as? [[String: Any]] ?? []).compactMap {
        $0["object"] as? String
      }
      #expect(names.contains("parameters/fc/weight") && names.contains("history/cycles"))
    }

    @Test("a pattern that matches nothing is trouble, not equality")
    func noMatch() async throws {
      let sandbox = try await trained()
      let outcome = try await sandbox.rso(["diff", "run@1", "run@2", "--only", "paramters"])
      #expect(outcome.status == 2 && outcome.output == "")
      #expect(
        outcome.errors.hasPrefix(
          "rso-diff: --only 'paramters': matches no object in either file\n"))
    }

    @Test("patterns and tolerances choose what counts")
    func choice() async throws {
      let sandbox = try await trained()
      let cases: [([String], Int32)] = [
        (["--only", "plan"], 0), (["--only", "parameters/conv1"], 1),
        (["--only", "parameters", "--atol", "1000"], 0),
        (["--only", "parameters", "--rtol", "1e-9"], 1),
        (
          [
            "--ignore", "parameters", "--ignore", "statistics", "--ignore", "history", "--ignore",
            "cursor", "--ignore", "search",
          ], 0
        ),
      ]
      for (arguments, status) in cases {
        let outcome = try await sandbox.rso(["diff", "run@1", "run@2"] + arguments)
        #expect(outcome.status == status, "\(arguments): \(outcome.output)")
      }
      let stat = try await sandbox.rso([
        "diff", "run@1", "run@2", "--stat", "--only", "parameters/fc",
      ])
      #expect(stat.output.split(separator: "\n").count == 2)
      #expect(stat.output.contains("parameters/fc/weight  "))
    }

    @Test("another network: layers and their tensors are named, and count")
    func network() async throws {
      let sandbox = try await trained()
      _ = try TrainingAnswer(
        try await sandbox.rso(sandbox.training("mlp", architecture: "mlp.json", cycles: 1)))
      let outcome = try await sandbox.rso(["diff", "run", "mlp", "--atol", "1e9"])
      #expect(outcome.status == 1)
      #expect(outcome.output.hasPrefix("unrelated: another network\n"))
      for part in ["conv1/weight", "only in 'run'", "fc2/bias", "only in 'mlp'"] {
        #expect(outcome.output.contains(part), "\(part)\n\(outcome.output)")
      }
    }

    @Test("files of other programs are compared array by array")
    func arrays() async throws {
      let sandbox = try await trained()
      for file in ["a.safetensors", "a.npz"] {
        let export = try await sandbox.rso(["export", "run", "-o", file])
        try #require(export.status == 0, "\(export.errors)")
      }
      let equal = try await sandbox.rso([
        "diff", "a.safetensors", "a.npz", "--only", "arrays/*weight",
      ])
      #expect(equal.status == 0, "\(equal.output)")
      let nested = Fixtures.url("inspection/nested.h5").path
      let unhealthy = Fixtures.url("inspection/unhealthy.npz").path
      #expect(try await sandbox.rso(["diff", unhealthy, unhealthy]).status == 0)
      let different = try await sandbox.rso(["diff", nested, unhealthy])
      #expect(different.status == 1 && different.output.hasPrefix("arrays that differ\n"))
    }

    @Test("a checkpoint and its exports always pair, and layers named like constants count")
    func exports() async throws {
      let sandbox = try Sandbox()
      try sandbox.write(
        """
        {"name": "norms", "input": [1, 8, 8], "classes": 10, "layers": [
          {"type": "zero-pad", "padding": 1},
          {"type": "convolution", "name": "pads_1", "filters": 4, "stride": 2},
          {"type": "group-norm", "groups": 2}, {"type": "gelu"},
          {"type": "convolution", "name": "normalization_2", "filters": 4}, {"type": "layer-norm"},
          {"type": "relu"}, {"type": "global-pool", "mode": "average"},
          {"type": "linear", "outputs": 10, "bias": true}]}
        """, to: "norms.json")
      _ = try TrainingAnswer(
        try await sandbox.rso(sandbox.training("run", architecture: "norms.json")))
      let exports = [
        ("a.safetensors", []), ("a.npz", []), ("a.h5", []), ("a.onnx", []),
        ("n.onnx", ["--include-normalization"]),
      ]
      for (file, options) in exports {
        let export = try await sandbox.rso(["export", "run", "-o", file] + options)
        try #require(export.status == 0, "\(export.errors)")
        for files in [["run", file], [file, "run"]] {
          let equal = try await sandbox.rso(["diff"] + files)
          #expect(equal.status == 0, "\(files): \(equal.output)")
        }
        let other = try await sandbox.rso(["diff", "run@1", file])
        #expect(other.status == 1 && !other.output.contains("only in"), "\(other.output)")
        for layer in ["pads_1", "normalization_2"] {
          #expect(other.output.contains(layer), "\(file): \(other.output)")
        }
      }
    }

    @Test(
      "trouble has status 2",
      arguments: [
        ["run"], ["run", "nowhere"], ["run", "small.json"], ["run", "run@9"],
        ["run", "run", "--rtol", "-1"], ["run", "run", "--frobnicate"],
        ["run", "run", "--atol", "nan"], ["run", "run", "--json", "-q"],
      ])
    func trouble(arguments: [String]) async throws {
      let sandbox = try await trained()
      let outcome = try await sandbox.rso(["diff"] + arguments)
      #expect(outcome.status == 2)
      #expect(outcome.output == "" && outcome.errors.hasPrefix("rso-diff: "))
    }
  }
}
