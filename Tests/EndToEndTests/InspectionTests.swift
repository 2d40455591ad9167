import Foundation
import TestSupport
import Testing

extension EndToEndOnFiles {
  @Suite("Inspection, from the command line")
  struct InspectionTests {
    private func trained() async throws -> Sandbox {
      let sandbox = try Sandbox()
      _ = try TrainingAnswer(try await sandbox.rso(sandbox.training("run", cycles: 2)))
      return sandbox
    }

    @Test("tells a person what a checkpoint is, and its layers")
    func text() async throws {
      let sandbox = try await trained()
      let outcome = try await sandbox.rso(["inspect", "run"])
      #expect(outcome.status == 0 && outcome.errors == "")
      for part in [
        "run/last.h5, after 2 of 2 cycles", "small: 462 parameters in 3 layers", "seed           7",
        "cycles 2 (default 50), batch-size 30 (default 600)", "never interrupted",
        "conv1  6 x 1 x 3 x 3", "fc     10 x 6", "no problems found",
      ] {
        #expect(outcome.output.contains(part), "\(part)\n\(outcome.output)")
      }
      #expect(!outcome.output.contains("\u{1B}"))
      let lines = outcome.output.split(separator: "\n")
      #expect(lines.allSatisfy { $0.last != " " })
    }

    @Test("finds a cycle, the best and the newest state; says which cycles there are")
    func states() async throws {
      let sandbox = try await trained()
      let first = try await sandbox.rso(["inspect", "run@1"])
      #expect(first.output.contains("run/ckpt-000001.h5, after 1 of 2 cycles"))
      #expect(try await sandbox.rso(["inspect", "run@best"]).output.contains("run/best.h5"))
      let missing = try await sandbox.rso(["inspect", "run@7"])
      #expect(missing.status == 66)
      #expect(
        missing.errors
          == "rso-inspect: 'run' has no checkpoint of cycle 7; it has cycles 0 to 2\n")
      try sandbox.write("not a checkpoint", to: "run/last.h5")
      let walked = try await sandbox.rso(["inspect", "run"])
      #expect(walked.status == 0 && walked.errors.contains("rso-inspect: warning: cannot"))
      #expect(walked.output.contains("after 2 of 2 cycles"))
    }

    @Test("has one layer, the cycles and the spectrum, for people and for programs")
    func views() async throws {
      let sandbox = try await trained()
      let layer = try await sandbox.rso(["inspect", "run", "--layer", "conv2", "--data", "data"])
      #expect(layer.status == 0, "\(layer.errors)")
      for part in ["largest output", "of conv2", "█", "on 256 training images"] {
        #expect(layer.output.contains(part), "\(part)")
      }
      let json = try await sandbox.rso([
        "inspect", "run", "--layer", "conv1", "--data", "data", "--history", "--spectrum", "--json",
      ])
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      #expect((object["history"] as? [Any])?.count == 2)
      #expect((object["spectrum"] as? [Any])?.count == 3)
      let detail = try #require(object["layer"] as? [String: Any])
      let filters = try #require(detail["filters"] as? [[String: Any]])
      #expect(filters.count == 6 && filters.allSatisfy { $0["largest_output"] is Double })
      let bins = try #require(detail["histogram"] as? [[String: Any]])
      #expect(bins.compactMap { $0["count"] as? Int }.reduce(0, +) == 54)
      let expected =
        [
          ([], 4), (["--history"], 3), (["--layer", "fc"], 11), (["--spectrum"], 4),
        ] as [([String], Int)]
      for (arguments, lines) in expected {
        let csv = try await sandbox.rso(["inspect", "run", "--csv"] + arguments)
        let rows = csv.output.split(separator: "\n").map {
          $0.split(separator: ",", omittingEmptySubsequences: false).count
        }
        #expect(rows.count == lines && Set(rows).count == 1, "\(arguments)")
      }
      let wrong = try await sandbox.rso(["inspect", "run", "--layer", "conv9"])
      #expect(wrong.status == 64)
      #expect(wrong.errors.contains("it has conv1, conv2, fc"))
    }

    @Test("reads a run in progress, and leaves its lock alone")
    func inProgress() async throws {
      let sandbox = try Sandbox()
      let running = try sandbox.start(sandbox.training("run", cycles: 1000))
      #expect(try await running.runs { sandbox.exists("run/ckpt-000001.h5") })
      let outcome = try await sandbox.rso(["inspect", "run", "--history"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(running.isRunning)
      running.send(SIGKILL)
    }

    @Test("lists the arrays of other programs' HDF5 files")
    func foreign() async throws {
      let outcome = try await Programs.rso(["inspect", Fixtures.url("inspection/nested.h5").path])
      #expect(outcome.status == 0, "\(outcome.errors)")
      let rows = outcome.output.split(separator: "\n").map { $0.split(separator: " ") }
      func row(_ name: String) -> [Substring] {
        rows.first { $0.first.map(String.init) == name } ?? []
      }
      #expect(
        row("model_weights/dense/dense/kernel:0").dropFirst()
          == [
            "3", "x", "2", "float32", "6", "2.5000", "1.7078", "0", "5.0000", "7.4162", "16.67",
            "%",
          ])
      #expect(row("model_weights/dense/dense/bias:0").dropFirst(1).prefix(2) == ["2", "float16"])
      #expect(row("big_endian").dropFirst(1).prefix(2) == ["2", "float64"])
      #expect(row("big_endian").contains("1.0e-300"))
      #expect(row("scalar").dropFirst(1).prefix(2) == ["scalar", "float32"])
      #expect(row("soft").dropFirst() == row("scalar").dropFirst())
      #expect(row("steps").dropFirst(1).prefix(2) == ["3", "int64"])
      #expect(outcome.output.contains("\nnot examined: 1 tensor: outside\n"))
    }

    @Test("marks what is unhealthy; --check tells it by the status")
    func check() async throws {
      let file = Fixtures.url("inspection/unhealthy.npz").path
      let outcome = try await Programs.rso(["inspect", file])
      #expect(outcome.status == 0)
      for mark in [
        "! constant: constant filters: all weights of filter 1 are equal",
        "! huge: exploding norm: root mean square 86.6025, above 10.0000",
        "! broken: not finite: 2 numbers are NaN or infinite",
      ] {
        #expect(outcome.output.contains(mark), "\(mark)\n\(outcome.output)")
      }
      #expect(try await Programs.rso(["inspect", file, "--check"]).status == 1)
      let colored = try await Programs.rso(["inspect", file, "--color", "always"])
      #expect(colored.output.contains("\u{1B}[31m! broken"))
      let sandbox = try await trained()
      #expect(try await sandbox.rso(["inspect", "run", "--check"]).status == 0)
    }

    @Test("reads what rso exports", arguments: ["a.safetensors", "a.npz", "a.onnx", "a.h5"])
    func exported(file: String) async throws {
      let sandbox = try await trained()
      let export = try await sandbox.rso(["export", "run", "-o", file])
      try #require(export.status == 0, "\(export.errors)")
      let outcome = try await sandbox.rso(["inspect", file, "--spectrum"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("6 x 54"))
    }

    @Test("a reader that goes away ends it quietly")
    func pipe() async throws {
      let sandbox = try await trained()
      let outcome = try await Programs.run(
        "/bin/bash",
        ["-c", "'\(Programs.path("rso"))' inspect run | head -1; exit ${PIPESTATUS[0]}"],
        in: sandbox.url)
      #expect([0, 141].contains(outcome.status))
      #expect(outcome.errors == "")
      #expect(outcome.output.hasPrefix("checkpoint"))
    }
  }
}
