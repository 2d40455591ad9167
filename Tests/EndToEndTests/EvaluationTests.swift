import Foundation
import TestSupport
import Testing

extension EndToEndOnFiles {
  @Suite("Evaluation, from the command line")
  struct EvaluationTests {
    private func trained() async throws -> Sandbox {
      let sandbox = try Sandbox()
      _ = try TrainingAnswer(try await sandbox.rso(sandbox.training("run", cycles: 1)))
      return sandbox
    }

    @Test("answers a person with tables")
    func text() async throws {
      let sandbox = try await trained()
      let outcome = try await sandbox.rso(["eval", "run", "--data", "data"])
      #expect(outcome.status == 0)
      for part in [
        "accuracy", "loss", "recall", "precision", "confusion", "95 % interval", "ROC AUC",
        "calibration error",
      ] {
        #expect(outcome.output.contains(part), "\(part)")
      }
    }

    @Test("--csv and --json have the figures of the tables, and the whole confusion matrix")
    func programs() async throws {
      let sandbox = try await trained()
      let csv = try await sandbox.rso(["eval", "run", "--csv"])
      let lines = csv.output.split(separator: "\n").map(String.init)
      #expect(lines[0] == "figure,class,answer,value,lower,upper")
      let confusion = lines.filter { $0.hasPrefix("confusion,") }.map {
        $0.split(separator: ",").compactMap { Int($0) }
      }
      #expect(confusion.count == 100)
      let json = try await sandbox.rso(["eval", "run", "--json"])
      let answer = try EvaluationAnswer(json)
      #expect(confusion.allSatisfy { answer.confusion[$0[0]][$0[1]] == $0[2] })
      let facts = try #require(
        try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      let ends = try #require(facts["accuracy_interval"] as? [Double])
      #expect(lines.contains("accuracy,,,\(answer.accuracy),\(ends[0]),\(ends[1])"))
      #expect((facts["per_class"] as? [[String: Any]])?.count == 10)
      let logLoss = try #require(facts["log_loss"] as? Double)
      #expect(abs(logLoss - answer.loss) < 1e-12)
      let both = try await sandbox.rso(["eval", "run", "--csv", "--json"])
      #expect(both.status == 64)
    }

    @Test("the size of a batch and the number of threads change nothing")
    func batch() async throws {
      let sandbox = try await trained()
      let arguments = ["eval", "run", "--data", "data", "--json"]
      let one = try await sandbox.rso(arguments + ["--batch", "1", "--threads", "1"])
      let many = try await sandbox.rso(arguments + ["--batch", "150", "--threads", "3"])
      #expect(one.status == 0, "\(one.errors)")
      #expect(one.output == many.output)
    }

    @Test("--split train measures the training set")
    func split() async throws {
      let sandbox = try await trained()
      let outcome = try await sandbox.rso([
        "eval", "run", "--data", "data", "--split", "train", "--json",
      ])
      #expect(try EvaluationAnswer(outcome).samples == TinyData.trainingCount)
    }

    @Test("a cycle of a run is named as RUN@N, here and wherever a checkpoint is read")
    func cycleOfRun() async throws {
      let sandbox = try await trained()
      for name in ["run@0", "run@best", "run@last"] {
        let answer = try EvaluationAnswer(
          try await sandbox.rso(["eval", name, "--data", "data", "--json"]))
        #expect(answer.cycle == (name == "run@0" ? 0 : 1))
        let exported = try await sandbox.rso([
          "export", name, "-o", "\(name).npz", "--data", "data",
        ])
        #expect(exported.status == 0, "\(exported.errors)")
      }
      #expect(try sandbox.data("run@best.npz") == sandbox.data("run@last.npz"))
      #expect(try sandbox.data("run@0.npz") != sandbox.data("run@last.npz"))
      let branch = ["resume", "run@0", "-o", "branch", "--data", "data", "--json"]
      #expect(try TrainingAnswer(try await sandbox.rso(branch)).cycles == 1)
      let missing = try await sandbox.rso(["eval", "run@7", "--data", "data"])
      #expect(missing.status == 66 && missing.errors.contains("cycle 7"), "\(missing.errors)")
    }

    @Test("--average measures and exports the mean of a run's last cycles")
    func average() async throws {
      let sandbox = try Sandbox()
      _ = try TrainingAnswer(try await sandbox.rso(sandbox.training("run", cycles: 3)))
      let data = ["--data", "data"]
      let json = try await sandbox.rso(["eval", "run", "--average", "2", "--json"] + data)
      let answer = try #require(
        try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      #expect(answer["averaged_cycles"] as? [Int] == [2, 3])
      #expect(answer["state_sha256"] == nil)
      let text = try await sandbox.rso(["eval", "run", "--average", "2"] + data)
      #expect(text.output.hasPrefix("checkpoint  run, mean of cycles 2 to 3\nsamples "))
      #expect(text.errors.hasPrefix("the mean of the weights has no batch-norm statistics; "))

      func numbers(_ name: String, _ arguments: [String]) async throws -> [Double] {
        let command = ["export"] + arguments + data + ["-o", "\(name).csv"]
        let outcome = try await sandbox.rso(command)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let lines = String(decoding: try sandbox.data("\(name).csv"), as: UTF8.self)
          .split(separator: "\n")
        // The statistics are the mean's own.
        return lines.filter { !$0.contains("running") }
          .compactMap { $0.split(separator: ",").last.flatMap { Double($0) } }
      }
      let mean = try await numbers("mean", ["run", "--average", "2"])
      let (two, three) = (
        try await numbers("two", ["run@2"]), try await numbers("three", ["run@3"])
      )
      #expect(mean.count > 400 && mean.count == two.count && mean != three)
      for index in mean.indices {
        let middle = (two[index] + three[index]) / 2
        #expect(abs(mean[index] - middle) <= 1e-6 * abs(middle) + 1e-8)
      }
      // The mean of one cycle is that cycle.
      let one = try EvaluationAnswer(
        try await sandbox.rso(["eval", "run", "--average", "1", "--json"] + data))
      let last = try EvaluationAnswer(try await sandbox.rso(["eval", "run", "--json"] + data))
      #expect(one.accuracy == last.accuracy && one.loss == last.loss)
      for (arguments, message) in [
        (["run", "--average", "4"], "'run' has checkpoints of 3 cycles, not of 4"),
        (["run/last.h5", "--average", "2"], "'run/last.h5' is not a run directory"),
        (["run", "--average", "0"], "invalid average '0': expected a whole number, 1 or more"),
      ] {
        let refused = try await sandbox.rso(["eval"] + arguments + data)
        #expect(refused.status == 64 && refused.errors.contains(message), "\(refused.errors)")
      }
    }

    @Test("a file of predictions that cannot be made is refused in the system's words")
    func unwritablePredictions() async throws {
      let sandbox = try await trained()
      for (path, reason) in [
        ("run", "is a directory"), ("none/p.csv", "no such file or directory"),
      ] {
        let outcome = try await sandbox.rso([
          "eval", "run", "--data", "data", "--predictions", path,
        ])
        #expect(outcome.status == 73)
        #expect(outcome.errors == "rso-eval: cannot write '\(path)': \(reason)\n")
      }
    }

    @Test("--predictions has a row a sample, which add up to the accuracy")
    func predictions() async throws {
      let sandbox = try await trained()
      let answer = try EvaluationAnswer(
        try await sandbox.rso([
          "eval", "run", "--data", "data", "--json", "--predictions", "p.csv",
        ]))
      let lines = String(decoding: try sandbox.data("p.csv"), as: UTF8.self).split(separator: "\n")
      #expect(lines[0].hasPrefix("index,label,prediction,probability_0,"))
      let rows = lines.dropFirst().map { $0.split(separator: ",") }
      #expect(rows.count == TinyData.testCount)
      #expect(rows.enumerated().allSatisfy { $1[0] == "\($0)" && $1.count == 23 })
      let right = rows.filter { $0[1] == $0[2] }.count
      #expect(Double(right) / Double(rows.count) == answer.accuracy)
      for row in rows {
        let probabilities = row[3..<13].compactMap { Double($0) }
        #expect(abs(probabilities.reduce(0, +) - 1) < 1e-4)
        let logits = row[13...].compactMap { Double($0) }
        let sum = logits.reduce(0) { $0 + exp($1) }
        for (probability, logit) in zip(probabilities, logits) {
          #expect(abs(probability - exp(logit) / sum) < 1e-5)
        }
      }
    }

    @Test("a reader that goes away ends it quietly; a full disk does not pass unseen")
    func output() async throws {
      let sandbox = try await trained()
      let command = "'\(Programs.path("rso"))' eval run --data data"
      let pipe = try await Programs.run(
        "/bin/bash", ["-c", "\(command) | true; exit ${PIPESTATUS[0]}"], in: sandbox.url)
      #expect(pipe.status == 141)
      #expect(!pipe.errors.contains("cannot write"))
      let full = try await Programs.run(
        "/bin/bash", ["-c", "\(command) >/dev/full"], in: sandbox.url)
      #expect(full.status == 74)
      #expect(full.errors.contains("rso-eval: cannot write"))
    }

    @Test(
      "a checkpoint of a function is no network, which is said before data are looked for",
      arguments: [
        ["eval", "f.h5"], ["eval", "f.h5", "--data", "data"], ["compare", "f.h5"],
        ["predict", "f.h5", "--data", "data", "-o", "-"], ["import", "f.h5", "-o", "i.h5"],
        ["train", "--init", "f.h5", "-o", "new"],
        ["inspect", "f.h5", "--layer", "x", "--samples", "3"],
      ])
    func function(arguments: [String]) async throws {
      let sandbox = try Sandbox()
      try Data(LibraryRun.function()).write(to: sandbox.url.appendingPathComponent("f.h5"))
      let outcome = try await sandbox.rso(arguments)
      #expect(outcome.status == 64 && outcome.output == "")
      #expect(
        outcome.errors == """
          rso-\(arguments[0]): 'valley' is no network but parameters of a program that uses rso as a library; only \
          that program can compute with them

          """)
      #expect(!sandbox.exists("i.h5") && !sandbox.exists("new"))
      let report = try await sandbox.rso(["report", "f.h5", "--json"])
      #expect(report.status == 0 && report.output.contains("'valley' is no network"))
    }

    @Test(
      "a file that is no checkpoint is refused",
      arguments: [
        ("missing", "missing.h5", 66), ("text", "small.json", 65), ("empty", "empty.h5", 65),
        ("cut short", "cut.h5", 65), ("one bit changed", "flipped.h5", 65),
        ("a directory without a run", "data", 66),
      ])
    func refused(what: String, file: String, status: Int32) async throws {
      let sandbox = try await trained()
      let good = try sandbox.data("run/last.h5")
      try sandbox.write("", to: "empty.h5")
      try good.prefix(good.count - 100).write(to: sandbox.url.appendingPathComponent("cut.h5"))
      var flipped = good
      flipped[good.count - 9] ^= 4
      try flipped.write(to: sandbox.url.appendingPathComponent("flipped.h5"))
      let outcome = try await sandbox.rso(["eval", file, "--data", "data"])
      #expect(outcome.status == status)
      #expect(outcome.output == "")
      #expect(outcome.errors.hasPrefix("rso-eval: "))
      #expect(outcome.errors.contains(file))
    }
  }
}
