import Foundation
import TestSupport
import Testing

extension EndToEndOnFiles {
  @Suite("The paper's experiments")
  struct ExperimentTests {
    static let names: [String] = {
      let folder = Fixtures.repository.appendingPathComponent("Experiments").path
      let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
    }()

    @Test("there is a file for each table and figure")
    func files() {
      #expect(
        Self.names == [
          "figure3", "figure4", "mnist-99", "mnist-fast", "order", "proposals", "sigma-scale",
          "table1", "table2", "table3",
        ])
    }

    @Test("each can be run, in its full and its scaled form", arguments: names)
    func forms(name: String) async throws {
      let sandbox = try Sandbox()
      try Self.writeColours(to: sandbox.url.appendingPathComponent("cifar10"))
      let file = Fixtures.repository.appendingPathComponent("Experiments/\(name).json").path
      for form in [[], ["--scaled"]] {
        let outcome = try await sandbox.rso(
          ["sweep", file, "--dry-run"] + form, environment: ["RSO_DATA": sandbox.url.path])
        // The paper's networks for CIFAR-10 may need more memory than a small machine has.
        let needsMore = outcome.status == 69 && outcome.errors.contains("the run needs")
        #expect(outcome.status == 0 || needsMore, "\(outcome.errors)")
        #expect(outcome.output.hasPrefix("sweep      \(name)\n"))
      }
    }

    @Test("what the paper reports belongs to cells that there are")
    func published() async throws {
      let sandbox = try Sandbox()
      try Self.writeColours(to: sandbox.url.appendingPathComponent("cifar10"))
      let folder = Fixtures.repository.appendingPathComponent("Experiments")
      let rows = try String(
        contentsOf: folder.appendingPathComponent("published.csv"), encoding: .utf8
      ).split(separator: "\n").dropFirst().map { row in
        row.split(separator: ",").prefix(2).map(String.init)
      }
      #expect(rows.count > 10)
      for (name, cells) in Dictionary(grouping: rows, by: { $0[0] }) {
        let preview = try await sandbox.rso(
          ["sweep", folder.appendingPathComponent("\(name).json").path, "--dry-run"],
          environment: ["RSO_DATA": sandbox.url.path]
        ).output
        for cell in cells { #expect(preview.contains("\n\(cell[1]) "), "\(cell)") }
      }
    }

    @Test("what experiments come to is written down, beside what the paper reports")
    func results() async throws {
      let sandbox = try Sandbox()
      try FileManager.default.createDirectory(
        atPath: sandbox.path("experiments"), withIntermediateDirectories: true)
      try sandbox.write(
        """
        {"name": "tiny", "about": "Section 9: two scales.",
         "options": {"arch": "../small.json", "data": "../data", "cycles": 9, "batch-size": 30},
         "grid": {"sigma-scale": [1, 2]}, "seeds": [1],
         "scaled": {"about": "1 cycle.", "options": {"cycles": 1}, "seeds": [1, 2]}}
        """, to: "experiments/tiny.json")
      try sandbox.write(
        """
        {"name": "one", "about": "One run.",
         "options": {"arch": "../small.json", "data": "../data", "cycles": 1, "batch-size": 30},
         "cells": [{"name": "only"}], "seeds": [1],
         "scaled": {"about": "the same.", "seeds": [1]}}
        """, to: "experiments/one.json")
      try sandbox.write("{}", to: "experiments/other.json")
      try sandbox.write(
        "experiment,cell,figure,place\ntiny,sigma-scale=2,12.34 %,Section 9\n",
        to: "experiments/published.csv")
      let arguments = [
        Fixtures.repository.appendingPathComponent("Experiments/run").path, "tiny", "one", "--rso",
        Programs.path("rso"), "--commit", "abc", "--experiments", "experiments", "--runs", "runs",
        "--results", "results",
      ]
      let metrics = "runs/one-scaled/only/seed-1/metrics.csv"
      for round in 0..<2 {
        if round == 1 {
          // As if its only cycle had come to 98.5 % in a minute.
          let header = String(decoding: try sandbox.data(metrics), as: UTF8.self)
            .prefix { !$0.isNewline }
          let row = header.split(separator: ",").map {
            ["test_accuracy": "0.985", "seconds": "60.0"][$0] ?? "1"
          }
          try sandbox.write("\(header)\n\(row.joined(separator: ","))\n", to: metrics)
        }
        let outcome = try await Programs.run(
          try Python.interpreter(), arguments, in: sandbox.url)
        #expect(outcome.status == 0, "\(outcome.errors)")
      }
      let readme = String(decoding: try sandbox.data("results/README.md"), as: UTF8.self)
      let summary = String(
        decoding: try sandbox.data("runs/tiny-scaled/summary.csv"), as: UTF8.self
      ).split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      let columns = ["test_accuracy_mean", "test_accuracy_std"].map {
        summary[0].firstIndex(of: $0[...])
      }
      let figures = try columns.map { column in
        let column = try #require(column)
        return 100 * (Double(summary[2][column]) ?? .nan)
      }
      let ours = String(format: "%.2f %% ± %.2f", figures[0], figures[1])
      #expect(readme.contains("\n| sigma-scale=2 | 12.34 % | \(ours) | "), "\(readme)")
      #expect(readme.contains("## Section 9: two scales\n") && readme.contains("1 cycle."))
      #expect(readme.contains("commit abc") && readme.contains("## Not run yet\n\n`other`"))
      #expect(sandbox.exists("results/tiny.csv") && sandbox.exists("results/tiny.svg"))
      // The time to an accuracy, where a run came to it.
      #expect(readme.contains(" | to 98 % |\n") && readme.contains(" | 60 s (1 of 1) |\n"))
      #expect(!readme.contains("| to 99 % |"))
      // No file says where on this machine the runs lie.
      let results = try FileManager.default.contentsOfDirectory(atPath: sandbox.path("results"))
      #expect(results.count == 7)
      for file in results {
        let text = String(decoding: try sandbox.data("results/\(file)"), as: UTF8.self)
        #expect(!text.contains(sandbox.url.path), "\(file)")
      }
    }

    @Test("on other data than its own, an experiment's results are called after them")
    func otherData() async throws {
      let sandbox = try Sandbox()
      for folder in ["experiments", "elsewhere"] {
        try FileManager.default.createDirectory(
          atPath: sandbox.path(folder), withIntermediateDirectories: true)
      }
      try FileManager.default.moveItem(
        atPath: sandbox.path("data"), toPath: sandbox.path("elsewhere/stripes"))
      try sandbox.write(
        """
        {"name": "one", "about": "Table 0: one run.",
         "options": {"arch": "../small.json", "data": "mnist", "cycles": 1, "batch-size": 30},
         "cells": [{"name": "only"}], "seeds": [1]}
        """, to: "experiments/one.json")
      try sandbox.write("experiment,cell,figure,place\n", to: "experiments/published.csv")
      let outcome = try await Programs.run(
        try Python.interpreter(),
        [
          Fixtures.repository.appendingPathComponent("Experiments/run").path, "one", "--full",
          "--rso", Programs.path("rso"), "--commit", "abc", "--experiments", "experiments",
          "--runs", "runs", "--results", "results", "--data", "elsewhere/stripes", "--data-title",
          "stripes in ten directions",
        ], in: sandbox.url)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(
        ["csv", "svg", "json"].allSatisfy { sandbox.exists("results/one-stripes-full.\($0)") })
      let readme = String(decoding: try sandbox.data("results/README.md"), as: UTF8.self)
      #expect(readme.contains("## Table 0: one run; on stripes in ten directions\n"), "\(readme)")
      #expect(readme.contains("`Experiments/run one --full --data stripes`"))
      // Its own data are still to come.
      #expect(readme.contains("## Not run yet\n\n`one`"))
      #expect(!readme.contains(sandbox.url.path))
    }

    @Test("a run that fails does not take the others' results with it; a refused sweep has none")
    func failing() async throws {
      let sandbox = try Sandbox()
      let run = "runs/two/sigma-scale=2/seed-1"
      for folder in ["experiments", run] {
        try FileManager.default.createDirectory(
          atPath: sandbox.path(folder), withIntermediateDirectories: true)
      }
      try sandbox.write("{}", to: "runs/two/sweep.json")
      try sandbox.write("in the way", to: "\(run)/notes")
      try sandbox.write("experiment,cell,figure,place\n", to: "experiments/published.csv")
      func write(cycles: Int) throws {
        try sandbox.write(
          """
          {"name": "two", "about": "Two runs.",
           "options": {"arch": "../small.json", "data": "../data", "cycles": \(cycles),
             "batch-size": 30},
           "grid": {"sigma-scale": [1, 2]}, "seeds": [1]}
          """, to: "experiments/two.json")
      }
      func experiment() async throws -> Outcome {
        try await Programs.run(
          try Python.interpreter(),
          [
            Fixtures.repository.appendingPathComponent("Experiments/run").path, "two", "--full",
            "--rso",
            Programs.path("rso"), "--commit", "abc", "--experiments", "experiments", "--runs",
            "runs", "--results", "results",
          ], in: sandbox.url)
      }
      try write(cycles: 1)
      #expect(try await experiment().status == 73)
      let table = try sandbox.data("results/two-full.csv")
      #expect(String(decoding: table, as: UTF8.self).contains("\nsigma-scale=1,1,true,1,"))
      try write(cycles: 2)
      let refused = try await experiment()
      #expect(refused.status == 64 && refused.errors.contains("was started with other options"))
      #expect(try sandbox.data("results/two-full.csv") == table)
    }

    @Test("the full form goes on from the states kept beside the results, wherever it began")
    func kept() async throws {
      let sandbox = try Sandbox()
      try FileManager.default.createDirectory(
        atPath: sandbox.path("experiments"), withIntermediateDirectories: true)
      try sandbox.write("experiment,cell,figure,place\n", to: "experiments/published.csv")
      try sandbox.write(
        """
        {"name": "long", "about": "A run of days.",
         "options": {"arch": "../small.json", "data": "../data", "cycles": 3, "batch-size": 30},
         "cells": [{"name": "only"}], "seeds": [1]}
        """, to: "experiments/long.json")
      func experiment(_ words: String...) async throws -> String {
        let outcome = try await Programs.run(
          try Python.interpreter(),
          [
            Fixtures.repository.appendingPathComponent("Experiments/run").path, "--full", "--rso",
            Programs.path("rso"), "--commit", "abc", "--experiments", "experiments", "--results",
            "results", "--average", "2",
          ] + words, in: sandbox.url)
        #expect(outcome.status == 0, "\(outcome.errors)")
        return outcome.output + outcome.errors
      }
      _ = try await experiment("long", "--runs", "first")
      let kept = "results/long-full/only/seed-1"
      let whole = try sandbox.data("results/long-full.csv")
      #expect(
        try sandbox.data("\(kept)/last.h5") == sandbox.data("first/long/only/seed-1/last.h5"))
      // As if it had been interrupted after the first cycle, and the machine were another one.
      try sandbox.data("first/long/only/seed-1/ckpt-000001.h5").write(
        to: sandbox.url.appendingPathComponent("\(kept)/last.h5"))
      let second = try await experiment("long", "--runs", "second")
      #expect(second.contains("in cycle 2 of 3"), "\(second)")
      func column(_ name: String, of table: Data) throws -> String {
        let rows = String(decoding: table, as: UTF8.self).split(separator: "\n").map {
          $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        return rows[1][try #require(rows[0].firstIndex(of: name))]
      }
      let again = try sandbox.data("results/long-full.csv")
      #expect(
        try column("state_sha256", of: again) == column("state_sha256", of: whole))
      let answer = try await sandbox.rso(
        ["eval", "first/long/only/seed-1", "--average", "2", "--json", "--data", "data"]
      ).output
      let mean = try #require(
        try JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: Any])
      for table in [whole, again] {
        #expect(
          try Double(column("average_test_accuracy", of: table)) == mean["accuracy"] as? Double)
      }
      // Collected once more where nothing was left to do, of states alone: what is known stays.
      let third = try await experiment("long", "--runs", "third", "--commit", "def")
      #expect(third.contains("has checkpoints of 0 cycles, not of 2"), "\(third)")
      #expect(try sandbox.data("results/long-full.csv") == again)
      let origin = String(decoding: try sandbox.data("results/long-full.json"), as: UTF8.self)
      #expect(origin.contains("\"commit\": \"abc\"") && origin.contains("\"average\": 2"))
      // A run that is under way says how far it is.
      let text = String(decoding: again, as: UTF8.self)
      try sandbox.write(
        text.replacingOccurrences(of: "only,1,true,3,", with: "only,1,false,2,"),
        to: "results/long-full.csv")
      _ = try await experiment()
      let readme = String(decoding: try sandbox.data("results/README.md"), as: UTF8.self)
      #expect(readme.contains(" % after 2 of 3 cycles | "), "\(readme)")
      #expect(readme.contains(" | the last 2 cycles' mean | seeds | "))
      #expect(readme.contains("`Experiments/run long --full --average 2`"))
    }

    /// Runs in `make check-pytorch`.
    @Test("gradient descent trains the network that rso names, once it answers as rso does")
    func descentInPyTorch() async throws {
      let sandbox = try Sandbox()
      try sandbox.write(Self.residual, to: "residual.json")
      let outcome = try await Programs.run(
        try Python.interpreter(),
        [
          Fixtures.repository.appendingPathComponent("Benchmarks/sgd.py").path, "--rso",
          Programs.path("rso"), "--arch", "residual.json", "--data", "data", "--epochs", "2",
          "--batch-size", "20", "--threads", "1", "-o", "sgd.json", "-o", "sgd.csv",
        ], in: sandbox.url)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.hasPrefix("the network answers as rso does"))
      let object = try #require(
        try JSONSerialization.jsonObject(with: sandbox.data("sgd.json")) as? [String: Any])
      let epochs = try #require(object["epochs"] as? [[String: Any]])
      #expect(epochs.map { $0["steps"] as? Int } == [30, 60])
      let accuracies = epochs.compactMap { $0["test_accuracy"] as? Double }
      // The ten kinds of stripes are easily told apart.
      #expect(accuracies.count == 2 && accuracies[1] > 0.5)
      let csv = String(decoding: try sandbox.data("sgd.csv"), as: UTF8.self)
      #expect(csv.split(separator: "\n").count == 3)
    }

    private static let residual = """
      {"name": "residual", "input": [1, 8, 8], "classes": 10, "layers": [
        {"type": "convolution", "filters": 8}, {"type": "batch-norm"}, {"type": "relu"},
        {"type": "convolution", "filters": 16},
        {"type": "skip", "from": "conv1", "projection": true}, {"type": "average-pool"},
        {"type": "batch-norm"}, {"type": "leaky-relu", "slope": 0.2},
        {"type": "convolution", "filters": 16}, {"type": "skip", "from": "conv2"}, {"type": "batch-norm"},
        {"type": "global-pool", "mode": "max"}, {"type": "linear", "outputs": 10, "bias": true}]}
      """

    /// As many images as a minibatch of the paper has, in the binary form of CIFAR-10.
    private static func writeColours(to directory: URL) throws {
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
      for number in 0...5 {
        let count = number == 0 ? 100 : 1000
        let name = number == 0 ? "test_batch.bin" : "data_batch_\(number).bin"
        var records: [UInt8] = []
        for index in 0..<count {
          records.append(UInt8(index % 10))
          records += [UInt8](repeating: UInt8(index * 7 % 256), count: 3072)
        }
        try Data(records).write(to: directory.appendingPathComponent(name))
      }
    }
  }
}
