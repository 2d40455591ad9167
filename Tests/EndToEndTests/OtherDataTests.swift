import Foundation
import TestSupport
import Testing

extension EndToEndOnFiles {
  @Suite("A network on other data than its run's, from the command line")
  struct OtherDataTests {
    /// Writes 90 samples of 3 features whose size is the class, with the label in the first column.
    private func write(_ name: String, _ labels: [String], _ sandbox: Sandbox) throws {
      let rows = (0..<90).compactMap { index -> String? in
        let label = labels[index % labels.count]
        if label.isEmpty { return nil }
        let features = (0..<3).map { "\(index % labels.count * 10 + (index * 7 + $0 * 5) % 4)" }
        return ([label] + features).joined(separator: ",")
      }
      try sandbox.write((["kind,a,b,c"] + rows).joined(separator: "\n") + "\n", to: name)
    }

    private static let reading = ["--label", "kind", "--test", "0.2", "--validation", "0.1"]

    /// A run on `abc.csv`, in a sandbox without other data.
    private func trained(_ labels: [String], _ more: [String] = reading) async throws -> Sandbox {
      let sandbox = try Sandbox()
      try write("abc.csv", labels, sandbox)
      let outcome = try await sandbox.rso(
        ["train", "--arch", "auto", "--data", "abc.csv", "--cycles", "3", "-o", "run"] + more)
      try #require(outcome.status == 0, "\(outcome.errors)")
      return sandbox
    }

    @Test("--test-data is read as the run's data, and judged by its classes; some may be missing")
    func testData() async throws {
      let sandbox = try await trained(["x", "y", "z"])
      try write("yz.csv", ["", "y", "z"], sandbox)
      try write("mixed.csv", ["z", "y", "x"], sandbox)
      try write("w.csv", ["x", "y", "z", "w"], sandbox)
      func eval(_ verb: String, _ file: String) async throws -> Outcome {
        try await sandbox.rso([verb, "run", "--test-data", file, "--json"])
      }
      let some = try EvaluationAnswer(try await eval("eval", "yz.csv"))
      #expect(some.samples == 60 && some.accuracy > 0.9)
      // The names tell the classes, so the samples of x and z have each other's.
      let mixed = try EvaluationAnswer(try await eval("eval", "mixed.csv"))
      #expect(mixed.samples == 90 && mixed.accuracy < 0.5)
      #expect(try await eval("compare", "yz.csv").output.contains(#""data":"yz.csv""#))
      for verb in ["eval", "compare"] {
        let unknown = try await eval(verb, "w.csv")
        #expect(unknown.status == 65 && unknown.errors.contains("the label 'w'"), "\(unknown)")
        let missing = try await eval(verb, "none.csv")
        #expect(missing.status == 66 && missing.errors.contains("none.csv"), "\(missing)")
      }
    }

    @Test("without --data, the options of the run may be repeated, and others are refused")
    func ownReading() async throws {
      let sandbox = try await trained(["x", "y", "z"])
      let plain = try await sandbox.rso(["eval", "run", "--json"])
      let repeated = try await sandbox.rso(["eval", "run", "--json"] + Self.reading)
      #expect(plain.status == 0 && plain.output == repeated.output, "\(repeated.errors)")
      let own = "without --data, the run's own data are read as the run read them"
      for (options, message) in [
        (["--test", "0.9"], "--test 0.9: \(own), with --test 0.2"),
        (["--task", "regression"], "--task regression: \(own); leave it out"),
        (["--transpose"], "--transpose: \(own)"),
        (["--layout", "nchw"], "--layout nchw: \(own)"),
        (["--inputs", "nonsense"], "--inputs nonsense: \(own)"),
        (["--split-seed", "4"], "--split-seed 4: \(own)"),
      ] {
        for verb in ["eval", "compare"] {
          let refused = try await sandbox.rso([verb, "run"] + options)
          #expect(refused.status == 64 && refused.output.isEmpty, "\(options): \(refused)")
          #expect(refused.errors.contains(message), "\(refused.errors)")
        }
      }
    }

    @Test("--data is read as the run read its data; the run's own data have its parts")
    func moved() async throws {
      let sandbox = try await trained(["x", "y", "z"])
      let before = try await sandbox.rso(["eval", "run", "--json"])
      try FileManager.default.moveItem(
        atPath: sandbox.path("abc.csv"), toPath: sandbox.path("moved.csv"))
      #expect(try await sandbox.rso(["eval", "run"]).status == 66)
      for options in [[], ["--test", "0.2"]] {
        let after = try await sandbox.rso(
          ["eval", "run", "--data", "moved.csv", "--json"] + options)
        #expect(before.status == 0 && after.output == before.output, "\(after.errors)")
        let compared = try await sandbox.rso(["compare", "run", "--data", "moved.csv"] + options)
        #expect(compared.output.hasPrefix("18 test samples"), "\(compared)")
      }
      // Other data keep their own parts, and the label is still the first column.
      try write("other.csv", ["x", "y", "z", "z"], sandbox)
      let none = try await sandbox.rso(
        ["eval", "run", "--data", "other.csv", "--split", "test"])
      #expect(none.status == 65 && none.errors.contains("the data have no test set"), "\(none)")
      let parted = try await sandbox.rso(
        ["eval", "run", "--data", "other.csv", "--validation", "9", "--split", "train", "--json"])
      #expect(try EvaluationAnswer(parted).samples == 81)
    }

    @Test("a test set alone is measured whole, even if it holds the run's own samples")
    func testSetAlone() async throws {
      let sandbox = try await trained(["0", "1", "2"])
      let arrays = try await sandbox.rso(["data", "abc.csv", "--label", "kind", "-o", "all.npz"])
      #expect(arrays.status == 0, "\(arrays.errors)")
      let script = """
        import numpy
        with numpy.load("all.npz") as f:
            numpy.savez("alone.npz", x_test=f["x_train"], y_test=f["y_train"])
        """
      let python = try await Programs.run(
        try Python.interpreter(), ["-c", script], in: sandbox.url)
      #expect(python.status == 0, "\(python.errors)")
      let alone = try await sandbox.rso(["eval", "run", "--data", "alone.npz"])
      #expect(alone.output.contains("samples     90 (all)"), "\(alone)")
    }

    @Test("all samples of other data without parts are measured")
    func undivided() async throws {
      let sandbox = try await trained(["x", "y", "z"])
      try write("other.csv", ["x", "y", "z", "z"], sandbox)
      for (options, part) in [([], "all"), (["--split", "train"], "train")] {
        let all = try await sandbox.rso(["eval", "run", "--data", "other.csv"] + options)
        #expect(all.output.contains("samples     90 (\(part))"), "\(all)")
      }
      let json = try await sandbox.rso(["eval", "run", "--data", "other.csv", "--json"])
      #expect(json.output.contains(#""split":"all""#))
      let compared = try await sandbox.rso(["compare", "run", "--data", "other.csv"])
      #expect(compared.output.hasPrefix("all 90 samples of other.csv"), "\(compared)")
    }

    @Test("a number to predict may have a name in one table and none in another")
    func numberNames() async throws {
      let sandbox = try Sandbox()
      let rows = (0..<60).map { "\($0 % 7),\($0 % 5),\($0 % 11).5\n" }.joined()
      try sandbox.write("a,b,price\n" + rows, to: "named.csv")
      try sandbox.write(rows, to: "plain.csv")
      for name in ["named", "plain"] {
        let trained = try await sandbox.rso([
          "train", "--data", "\(name).csv", "--arch", "auto", "--test", "0.2", "--cycles", "1",
          "--seed", "1", "-o", name, "-q",
        ])
        #expect(trained.status == 0, "\(trained.errors)")
      }
      for data in [[], ["--data", "plain.csv"], ["--data", "named.csv"]] {
        let compared = try await sandbox.rso(["compare", "named", "plain"] + data)
        #expect(compared.status == 0, "\(data): \(compared.errors)")
        #expect(compared.output.hasPrefix("12 test samples"), "\(compared.output)")
      }
    }

    @Test("labels name the network's classes, whatever their ranks; unknown ones are refused")
    func labels() async throws {
      let sandbox = try await trained(["0", "1", "2"])
      try write("some.csv", ["", "1", "2"], sandbox)
      try write("one.csv", ["", "", "2"], sandbox)
      try write("later.csv", ["1", "2", "3"], sandbox)
      try write("others.csv", ["5", "6", "7"], sandbox)
      try write("texts.csv", ["red", "green", "blue"], sandbox)
      func eval(_ file: String) async throws -> Outcome {
        try await sandbox.rso(["eval", "run", "--data", file, "--split", "train", "--json"])
      }
      for (file, samples) in [("some.csv", 60), ("one.csv", 30)] {
        let answer = try EvaluationAnswer(try await eval(file))
        #expect(answer.samples == samples && answer.accuracy > 0.9, "\(file)")
      }
      for (file, labels) in [
        ("later.csv", "label '3'"), ("others.csv", "labels '5', '6', '7'"),
        ("texts.csv", "labels 'blue', 'green', 'red'"),
      ] {
        let refused = try await eval(file)
        #expect(refused.status == 65 && refused.output.isEmpty, "\(file): \(refused)")
        #expect(
          refused.errors.hasSuffix(
            ": the network does not know the \(labels); its classes are '0', '1', '2'\n"),
          "\(refused.errors)")
      }
    }

    @Test("classes that have names are not those that are numbers")
    func names() async throws {
      let sandbox = try await trained(["x", "y", "z"])
      try write("numbers.csv", ["0", "1", "2"], sandbox)
      let refused = try await sandbox.rso([
        "eval", "run", "--data", "numbers.csv", "--split", "train",
      ])
      #expect(refused.status == 64, "\(refused)")
      #expect(
        refused.errors.contains("list of classes is '0, 1, 2', the network's 'x, y, z'"),
        "\(refused.errors)")
    }

    @Test("each end of a run at which the test set is measured is counted")
    func ends() async throws {
      let sandbox = try await trained(["x", "y", "z"])
      for (cycles, text) in [("4", "at 2 ends of this run"), ("5", "at 3 ends of this run")] {
        let more = try await sandbox.rso(["resume", "run", "--cycles", cycles, "--extend", "keep"])
        #expect(
          more.output.contains(
            ", measured \(text); if you choose among them, the figure is too good\n"),
          "\(more.output)")
      }
      let json = try await sandbox.rso(["resume", "run", "--json"])
      #expect(json.output.contains(#""test_measurements":3"#), "\(json.output)")
      // In another directory, too, which takes the best state along.
      let branch = try await sandbox.rso(
        ["resume", "run", "--cycles", "6", "--extend", "keep", "-o", "branch"])
      #expect(branch.output.contains(", measured at 4 ends of this run"), "\(branch.output)")
      #expect(try await sandbox.rso(["eval", "branch@best"]).status == 0)
    }

    @Test(
      "test data that have moved are named; others are measured, and the training data are found")
    func movedTestData() async throws {
      let sandbox = try Sandbox()
      for name in ["abc.csv", "t.csv"] { try write(name, ["x", "y", "z"], sandbox) }
      let outcome = try await sandbox.rso([
        "train", "--arch", "auto", "--data", "abc.csv", "--test-data", "t.csv", "--label", "kind",
        "--validation", "0.1", "--cycles", "3", "-o", "run",
      ])
      try #require(outcome.status == 0, "\(outcome.errors)")
      let before = try EvaluationAnswer(try await sandbox.rso(["eval", "run", "--json"]))
      try FileManager.default.moveItem(
        atPath: sandbox.path("t.csv"), toPath: sandbox.path("u.csv"))
      let more = ["--cycles", "4", "--extend", "keep"]
      func expectRefusals(_ status: Int32, _ advice: String) async throws {
        for words in [
          ["eval", "run"], ["resume", "run"] + more, ["resume", "run", "--data", "abc.csv"] + more,
        ] {
          let refused = try await sandbox.rso(words)
          #expect(refused.status == status, "\(words): \(refused)")
          #expect(refused.errors.hasSuffix(advice), "\(refused.errors)")
        }
      }
      try await expectRefusals(66, "t.csv'; name their directory or file with --test-data\n")
      let after = try EvaluationAnswer(
        try await sandbox.rso(["eval", "run", "--test-data", "u.csv", "--json"]))
      #expect(after.samples == 90 && after.accuracy == before.accuracy)
      // The training data are the run's own, with its parts.
      let own = ["eval", "run", "--data", "abc.csv", "--json"]
      #expect(try await sandbox.rso(own).status == 65)
      let validation = try await sandbox.rso(own + ["--split", "validation"])
      #expect(try EvaluationAnswer(validation).samples == 9)
      // Others in the old place are named, and the run's own are used from the new one.
      try write("t.csv", ["x", "y", "z", "z"], sandbox)
      try await expectRefusals(
        65, "t.csv', are not those that the run had; name the right ones with --test-data\n")
      let again = try await sandbox.rso(["eval", "run", "--test-data", "u.csv", "--json"])
      #expect(try EvaluationAnswer(again).accuracy == before.accuracy)
      let resumed = try await sandbox.rso(["resume", "run", "--test-data", "u.csv"] + more)
      #expect(resumed.status == 0, "\(resumed.errors)")
    }

    @Test("without a validation set the test set has its interval, and chooses nothing")
    func noValidation() async throws {
      let sandbox = try await trained(["x", "y", "z"], ["--label", "kind", "--test", "0.2"])
      let text = try await sandbox.rso(["resume", "run"])
      #expect(text.output.contains("% (95 % interval "), "\(text.output)")
      #expect(
        text.output.contains(", measured after 3 cycles; it has chosen none of them\n"),
        "\(text.output)")
      let json = try await sandbox.rso(["resume", "run", "--json"])
      #expect(json.output.contains(#""test_accuracy_interval":["#))
    }

    @Test("a better state than the measured one is named; no batch norm, no statistics")
    func best() async throws {
      let sandbox = try Sandbox()
      // Labels that no feature tells.
      let rows = (0..<90).map { index in
        "\(index * index % 7 % 2),\(index * 5 % 11),\(index * 3 % 13),\(index % 5)"
      }
      try sandbox.write((["kind,a,b,c"] + rows).joined(separator: "\n") + "\n", to: "noise.csv")
      try sandbox.write(
        """
        {"name": "plain", "input": [3, 1, 1], "classes": 2, "layers": [
          {"type": "flatten"}, {"type": "linear", "outputs": 2, "bias": true}]}
        """, to: "plain.json")
      let run = try await sandbox.rso([
        "train", "--arch", "plain.json", "--data", "noise.csv", "--label", "kind", "--test", "0.2",
        "--validation", "0.2", "--patience", "1", "--cycles", "200", "-o", "run",
      ])
      try #require(run.status == 0, "\(run.errors)")
      let last = try await sandbox.rso(["eval", "run"])
      let line = last.output.split(separator: "\n")[1]
      #expect(
        line.hasPrefix("best ") && line.hasSuffix("measure it with: rso eval run@best"), "\(line)")
      let best = try await sandbox.rso(["eval", "run@best"])
      #expect(best.status == 0 && !best.output.contains("measure it with"))
      let first = try await sandbox.rso(["eval", "run@0"])
      #expect(first.status == 0 && first.errors.isEmpty, "\(first.errors)")
    }
  }
}
