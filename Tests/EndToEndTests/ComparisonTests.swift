import Foundation
import Testing

extension EndToEndOnFiles {
  @Suite("Comparison, from the command line")
  struct ComparisonTests {
    /// The answer of `rso compare --json`.
    private struct Answer: Decodable {
      struct Run: Decodable {
        var run: String
        var cycle: Int
        var seed: Int
        var loss: Double
        var accuracy: Double
        var accuracyLower: Double
        var accuracyUpper: Double
        var difference: Double?
        var differenceLower: Double?
        var differenceUpper: Double?
        var onlyFirst: Int?
        var onlyThis: Int?
        var pValue: Double?
      }

      struct Group: Decodable {
        struct Spread: Decodable { var mean: Double }
        var runs: [String]
        var seeds: [Int]
        var accuracy: Spread
      }

      var data: String
      var split: String
      var samples: Int
      var runs: [Run]
      var groups: [Group]

      init(_ outcome: Outcome) throws {
        try #require(outcome.status == 0, "status \(outcome.status): \(outcome.errors)")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(Self.self, from: Data(outcome.output.utf8))
      }
    }

    /// Two seeds of one plan, and a run of another plan.
    private func sandbox() async throws -> Sandbox {
      let sandbox = try Sandbox()
      for (run, cycles, seed) in [("a", 2, "7"), ("b", 2, "8"), ("c", 1, "7")] {
        _ = try TrainingAnswer(
          try await sandbox.rso(
            sandbox.training(run, cycles: cycles).map { $0 == "7" ? seed : $0 }))
      }
      return sandbox
    }

    @Test("each run has the figures of 'rso eval', and the samples on which it differs")
    func figures() async throws {
      let sandbox = try await sandbox()
      let answer = try Answer(try await sandbox.rso(["compare", "a", "b", "c", "--json"]))
      #expect(answer.data == "data" && answer.split == "test")
      #expect(answer.samples == TinyData.testCount && answer.runs.map(\.run) == ["a", "b", "c"])
      #expect(answer.runs.map(\.cycle) == [2, 2, 1] && answer.runs.map(\.seed) == [7, 8, 7])
      #expect(answer.runs[0].difference == nil)
      #expect(answer.groups.map(\.runs) == [["a", "b"]] && answer.groups[0].seeds == [7, 8])
      let mean = (answer.runs[0].accuracy + answer.runs[1].accuracy) / 2
      #expect(abs(answer.groups[0].accuracy.mean - mean) < 1e-12)

      var predictions: [[Substring]] = []
      for run in answer.runs {
        let eval = try EvaluationAnswer(
          try await sandbox.rso(["eval", run.run, "--json", "--predictions", "p.csv"]))
        #expect(eval.accuracy == run.accuracy && eval.loss == run.loss)
        #expect(run.accuracyLower < run.accuracy && run.accuracy < run.accuracyUpper)
        let lines = String(decoding: try sandbox.data("p.csv"), as: UTF8.self)
          .split(separator: "\n").dropFirst()
        predictions.append(
          lines.map { line in
            let fields = line.split(separator: ",")
            return fields[1] == fields[2] ? "right" : "wrong"
          })
      }
      for (run, other) in zip(answer.runs, predictions).dropFirst() {
        let pairs = zip(predictions[0], other)
        #expect(run.onlyFirst == pairs.filter { $0 == "right" && $1 == "wrong" }.count)
        #expect(run.onlyThis == pairs.filter { $0 == "wrong" && $1 == "right" }.count)
        let difference = try #require(run.difference)
        #expect(abs(difference - (run.accuracy - answer.runs[0].accuracy)) < 1e-12)
        #expect(try #require(run.differenceLower) <= difference)
        #expect(try difference <= #require(run.differenceUpper))
        #expect((0...1).contains(try #require(run.pValue)))
      }
    }

    @Test("the number of threads changes no digit; text and CSV have a row for each run")
    func renderings() async throws {
      let sandbox = try await sandbox()
      let one = try await sandbox.rso(["compare", "a", "b", "--json", "--threads", "1"])
      let three = try await sandbox.rso(
        ["compare", "a", "b", "--json", "--threads", "3", "--batch", "7"])
      #expect(one.status == 0 && one.output == three.output)
      let csv = try await sandbox.rso(["compare", "a", "b", "--csv"])
      #expect(
        csv.output.hasPrefix(
          "run,cycle,steps,averaged_cycles,seed,chosen_on_samples,loss_function,"))
      #expect(csv.output.split(separator: "\n").count == 3)
      let text = try await sandbox.rso(["compare", "a", "a@1"])
      #expect(text.output.hasPrefix("200 test samples of data\n\nrun  cycles  seed"))
      #expect(text.output.contains("\na         2     7") && text.output.contains("\na@1       1"))
      #expect(text.output.contains("difference: from 'a'") && !text.output.contains("seeds"))
      let same = try Answer(try await sandbox.rso(["compare", "a", "a", "--json"]))
      #expect(same.runs[1].difference == 0 && same.runs[1].pValue == 1)
    }

    @Test("a sweep's directory means its runs; one that has not begun is named")
    func sweep() async throws {
      let sandbox = try Sandbox()
      try sandbox.write(
        """
        {"options": {"arch": "small.json", "data": "data", "cycles": 1, "batch-size": 30},
         "grid": {"hold": [1, 4]}, "seeds": [7, 8]}
        """, to: "holds.json")
      #expect(try await sandbox.rso(["sweep", "holds.json", "-o", "swept"]).status == 0)
      let answer = try Answer(try await sandbox.rso(["compare", "swept", "--json"]))
      #expect(answer.runs.count == 4 && answer.groups.count == 2)
      #expect(answer.groups.allSatisfy { $0.seeds == [7, 8] })
      for run in answer.runs {
        try FileManager.default.removeItem(atPath: sandbox.path(run.run))
      }
      let none = try await sandbox.rso(["compare", "swept"])
      #expect(none.status == 66)
      #expect(
        none.errors
          == "rso-compare: no run of the sweep 'swept' has begun; start it with 'rso sweep'\n")
    }

    @Test("runs on other samples are refused, with the differences and a way on")
    func otherSamples() async throws {
      let sandbox = try await sandbox()
      try TinyData.write(to: sandbox.url.appendingPathComponent("other"), seed: 2)
      let training = sandbox.training("d", cycles: 1)
        .map { $0 == sandbox.path("data") ? sandbox.path("other") : $0 }
      _ = try TrainingAnswer(try await sandbox.rso(training))
      let refused = try await sandbox.rso(["compare", "a", "d"])
      #expect(refused.status == 65 && refused.output == "")
      #expect(
        refused.errors.hasPrefix(
          "rso-compare: the test samples of 'd' are not those of 'a': SHA-256: "))
      #expect(refused.errors.hasSuffix("; name the data to compare on with --data\n"))
      let both = try Answer(
        try await sandbox.rso(["compare", "a", "d", "--data", "data", "--json"]))
      #expect(both.runs.count == 2 && both.samples == TinyData.testCount)
    }
  }
}
