import Foundation
import Testing

extension EndToEnd {
  @Suite("Sweeps, from the command line")
  struct SweepTests {
    /// What `rso sweep --json` answers.
    private struct Answer: Decodable, Equatable {
      struct Spread: Decodable, Equatable {
        var mean: Double
        var std: Double?
        var min: Double
        var max: Double
      }

      struct Run: Decodable, Equatable {
        var seed: Int
        var run: String
        var finished: Bool
        var cycles: Int
        var testAccuracy: Double?
        var updates: Int
        var evaluations: Int
        var stateSha256: String?
      }

      struct Cell: Decodable, Equatable {
        var cell: String
        var runs: [Run]
        var finished: Int
        var testAccuracy: Spread?
      }

      var sweep: String
      var scaled: Bool
      var cells: [Cell]

      init(_ outcome: Outcome) throws {
        try #require(outcome.status == 0, "status \(outcome.status): \(outcome.errors)")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(Self.self, from: Data(outcome.output.utf8))
      }

      /// What any two sweeps of the same file have in common, wherever they lie.
      var states: [String?] { cells.flatMap(\.runs).map(\.stateSha256) }
    }

    private static let scales = """
      {"name": "scales", "about": "A test.",
       "options": {"arch": "small.json", "data": "data", "cycles": 2, "batch-size": 30},
       "grid": {"sigma-scale": [0.5, 2], "batching": ["random"]}, "seeds": [7, 8],
       "scaled": {"options": {"cycles": 1}, "grid": {"sigma-scale": [1]}, "seeds": [9]}}
      """

    private func sandbox() throws -> Sandbox {
      let sandbox = try Sandbox()
      try sandbox.write(Self.scales, to: "scales.json")
      return sandbox
    }

    @Test("each cell is trained with each seed, as 'rso train' would, and summed up")
    func whole() async throws {
      let sandbox = try sandbox()
      let outcome = try await sandbox.rso(
        ["sweep", "scales.json", "-o", "swept", "--jobs", "2", "--threads", "2", "--json"])
      let answer = try Answer(outcome)
      let names = ["batching=random,sigma-scale=0.5", "batching=random,sigma-scale=2"]
      #expect(answer.sweep == "scales" && !answer.scaled && answer.cells.map(\.cell) == names)
      #expect(answer.cells.allSatisfy { $0.finished == 2 && $0.runs.map(\.seed) == [7, 8] })
      #expect(answer.cells.flatMap(\.runs).allSatisfy { $0.finished && $0.updates == 924 })
      #expect(Set(answer.states).count == 4)
      for label in names.flatMap({ ["\($0), seed 7: cycle 1/2", "\($0), seed 8: finished"] }) {
        #expect(outcome.errors.contains(label), "\(label)")
      }

      let alone = try TrainingAnswer(
        try await sandbox.rso(
          sandbox.training("alone", ["--sigma-scale", "2", "--batching", "random"])))
      let run = answer.cells[1].runs[0]
      #expect(run.stateSha256 == alone.stateSha256 && run.testAccuracy == alone.testAccuracy)
      #expect(run.run == "swept/\(names[1])/seed-7")
      let evaluated = try EvaluationAnswer(
        try await sandbox.rso(["eval", run.run, "--json", "--data", "data"]))
      #expect(evaluated.stateSha256 == run.stateSha256)

      let spread = try #require(answer.cells[0].testAccuracy)
      let values = answer.cells[0].runs.compactMap(\.testAccuracy)
      #expect(values.count == 2 && spread.min == values.min() && spread.max == values.max())
      #expect(abs(spread.mean - (values[0] + values[1]) / 2) < 1e-12)
      let std = try #require(spread.std)
      #expect(abs(std - abs(values[0] - values[1]) / 2.0.squareRoot()) < 1e-12)

      let results = try rows("swept/results.csv", sandbox)
      #expect(results.count == 5 && results.allSatisfy { $0.count == results[0].count })
      #expect(results[0].prefix(4) == ["cell", "seed", "finished", "cycles"])
      #expect(results[0].suffix(5).contains("--sigma-scale"))
      let summary = try rows("swept/summary.csv", sandbox)
      let column = try #require(summary[0].firstIndex(of: "test_accuracy_mean"))
      #expect(summary.count == 3 && summary[1][column] == "\(spread.mean)")
    }

    /// The rows of a CSV file whose first column is quoted wherever it has a comma.
    private func rows(_ name: String, _ sandbox: Sandbox) throws -> [[String]] {
      String(decoding: try sandbox.data(name), as: UTF8.self).split(separator: "\n").map { line in
        line.replacing("random,sigma", with: "random sigma")
          .split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
    }

    @Test("what is finished is not done again; what was added is")
    func again() async throws {
      let sandbox = try sandbox()
      let first = try Answer(
        try await sandbox.rso(["sweep", "scales.json", "--scaled", "-o", "swept", "--json"]))
      #expect(first.scaled && first.states.count == 1)
      let file = "swept/sigma-scale=1/seed-9/last.h5"
      let before = try FileManager.default.attributesOfItem(atPath: sandbox.path(file))
      let second = try await sandbox.rso(
        ["sweep", "scales.json", "--scaled", "-o", "swept", "--json"])
      #expect(try Answer(second) == first && second.errors == "")
      let after = try FileManager.default.attributesOfItem(atPath: sandbox.path(file))
      #expect(before[.systemFileNumber] as? Int == after[.systemFileNumber] as? Int)

      try sandbox.write(
        Self.scales.replacing(#""seeds": [9]"#, with: #""seeds": [9, 10]"#), to: "scales.json")
      let more = try Answer(
        try await sandbox.rso(["sweep", "scales.json", "--scaled", "-o", "swept", "--json"]))
      #expect(more.cells[0].runs.map(\.seed) == [9, 10] && more.states[0] == first.states[0])
      // What the sweep wrote down of itself describes the same one.
      let same = try Answer(
        try await sandbox.rso(["sweep", "swept/sweep.json", "-o", "swept", "--json"]))
      #expect(same.states == more.states)
    }

    @Test("killed at any moment, it goes on to the same end, and leaves no run behind")
    func killed() async throws {
      let sandbox = try sandbox()
      let command = ["sweep", "scales.json", "--jobs", "2", "--json", "-o"]
      let undisturbed = try Answer(try await sandbox.rso(command + ["undisturbed"]))
      for milliseconds in [30, 150, 300, 450, 700] {
        let running = try sandbox.start(command + ["swept"])
        try await Task.sleep(for: .milliseconds(milliseconds))
        running.send(SIGKILL)
        _ = try await running.end()
      }
      let resumed = try Answer(try await sandbox.rso(command + ["swept"]))
      #expect(resumed.states == undisturbed.states)
    }

    @Test("a signal is passed on: all save, and it says how to go on")
    func interrupted() async throws {
      let sandbox = try sandbox()
      try sandbox.write(
        Self.scales.replacing(#""cycles": 2"#, with: #""cycles": 100000"#), to: "long.json")
      let running = try sandbox.start(["sweep", "long.json", "-o", "swept", "--jobs", "2"])
      #expect(
        try await running.runs(until: {
          ["0.5", "2"].allSatisfy { running.errorsSoFar.contains("scale=\($0), seed 7: cycle 1/") }
        }))
      let second = try await sandbox.rso(["sweep", "long.json", "-o", "swept"])
      #expect(second.status == 75 && second.errors.contains("is in use by process"))
      running.send(SIGINT)
      let outcome = try await running.end()
      #expect(outcome.status == 130 && outcome.output == "")
      #expect(
        outcome.errors.hasSuffix("interrupted; continue with: rso sweep long.json -o swept\n"))
      // Its runs have ended: their locks are free, and their states are saved.
      for scale in ["0.5", "2"] {
        let run = "swept/batching=random,sigma-scale=\(scale)/seed-7"
        #expect(try sandbox.data("\(run)/lock").isEmpty)
        #expect(try await sandbox.rso(["verify", run]).status == 0)
      }
      let preview = try await sandbox.rso(["sweep", "long.json", "-o", "swept", "--dry-run"])
      #expect(preview.status == 0 && preview.output.contains("after cycle"))
      #expect(preview.output.contains("to begin"))
    }

    @Test("a run that was begun with other options is refused, with what differs")
    func changed() async throws {
      let sandbox = try sandbox()
      let command = ["sweep", "scales.json", "--scaled", "-o", "swept"]
      #expect(try await sandbox.rso(command).status == 0)
      try sandbox.write(
        Self.scales.replacing(#""batch-size": 30"#, with: #""batch-size": 31"#), to: "scales.json")
      let other = try await sandbox.rso(command)
      #expect(other.status == 64 && other.output == "")
      #expect(
        other.errors.hasPrefix(
          "rso-sweep: 'swept/sigma-scale=1/seed-9' was started with other options than cell "
            + "'sigma-scale=1' has:"))
      #expect(other.errors.contains("--batch-size  30") && other.errors.contains("31"))
      // The same name, and another network.
      try sandbox.write(Self.scales, to: "scales.json")
      try sandbox.write(
        Sandbox.convolutional.replacing(#""filters": 6"#, with: #""filters": 5"#), to: "small.json")
      let network = try await sandbox.rso(command)
      #expect(network.status == 64 && network.errors.contains("not the same layers"))
    }

    @Test("a run that fails does not keep the others from being done")
    func failing() async throws {
      let sandbox = try sandbox()
      let run = "swept/batching=random,sigma-scale=0.5/seed-7"
      try FileManager.default.createDirectory(
        atPath: sandbox.path(run), withIntermediateDirectories: true)
      try sandbox.write("{}", to: "swept/sweep.json")
      try sandbox.write("in the way", to: "\(run)/notes")
      let outcome = try await sandbox.rso(["sweep", "scales.json", "-o", "swept"])
      #expect(outcome.status == 73)
      #expect(outcome.errors.hasSuffix("'\(run)' ended with status 73\n"))
      #expect(outcome.output.contains("1 of 2") && outcome.output.contains("2 of 2"))
    }

    @Test("a directory of something else is left alone")
    func elsewhere() async throws {
      let sandbox = try sandbox()
      for target in ["data", "small.json"] {
        let outcome = try await sandbox.rso(["sweep", "scales.json", "-o", target])
        #expect(outcome.status == 73 && outcome.errors.contains("is not a sweep's directory"))
      }
      #expect(!sandbox.exists("data/lock"))
    }

    @Test("a dry run tells what would be done, and does nothing")
    func preview() async throws {
      let sandbox = try sandbox()
      let outcome = try await sandbox.rso(["sweep", "scales.json", "--dry-run"])
      #expect(outcome.status == 0 && outcome.errors == "")
      #expect(outcome.output.contains("4: 2 cells, 2 seeds, 8 cycles"))
      #expect(outcome.output.contains("--batch-size=30 --batching=random --cycles=2"))
      #expect(!sandbox.exists("runs"))
    }

    @Test("--data stands in place of the file's data, unless they are what is varied")
    func data() async throws {
      let sandbox = try sandbox()
      try sandbox.write(
        Self.scales.replacingOccurrences(
          of: #""data": "data""#, with: #""data": "nowhere/at-all""#),
        to: "scales.json")
      let command = ["sweep", "scales.json", "--data", "data", "--dry-run"]
      let outcome = try await sandbox.rso(command)
      #expect(outcome.status == 0 && outcome.errors == "")
      #expect(outcome.output.contains("--data=\(sandbox.path("data")) "), "\(outcome.output)")
      for (part, place) in [
        (#""grid": {"data": ["data"]}"#, "grid.data"),
        (#""cells": [{"name": "a", "options": {"data": "data"}}]"#, "cells[0].options.data"),
      ] {
        try sandbox.write(#"{"seeds": [1], \#(part)}"#, to: "scales.json")
        let refused = try await sandbox.rso(command)
        #expect(
          refused.errors == """
            rso-sweep: cannot use 'scales.json' as a sweep: \(place): the runs differ in their data, so \
            --data cannot replace them

            """)
        #expect(refused.status == 65)
      }
    }

    @Test("its history is that of all its runs, a colour for each cell")
    func history() async throws {
      let sandbox = try sandbox()
      try #require(try await sandbox.rso(["sweep", "scales.json", "-o", "swept"]).status == 0)
      let csv = try await sandbox.rso(["history", "swept", "--csv"])
      #expect(csv.status == 0 && csv.output.split(separator: "\n").count == 9)
      let plot = try await sandbox.rso(["history", "swept", "--plot", "swept.svg"])
      #expect(plot.status == 0, "\(plot.errors)")
      let svg = String(decoding: try sandbox.data("swept.svg"), as: UTF8.self)
      // At the ends of the curves in two panels of accuracy and two of loss. The title names the options.
      #expect(svg.matches(of: />random, 2</).count == 4)
      #expect(svg.contains("4 runs, by batching, sigma-scale</title>"))
      #expect(!svg.contains("Deviation of proposals"))
    }

    @Test(
      "a file that describes no sweep is refused, with the place",
      arguments: [
        ("[]", "expected an object"), ("{", "not valid JSON: "), ("{}", "no 'seeds'"),
        (#"{"seeds": [1]}"#, "neither 'grid' nor 'cells'"),
        (#"{"seed": [1]}"#, "unknown key 'seed'; did you mean 'seeds'?"),
        (
          #"{"seeds": [1], "seeds": [2]}"#,
          "line 1, column 16: an object has the key 'seeds' twice"
        ),
        (#"{"seeds": [1, ]}"#, "not valid JSON: line 1, column 15: expected a value, found ']'"),
        (#"{"seeds": 1}"#, "seeds: expected a list of whole numbers"),
        (#"{"seeds": []}"#, "seeds: expected a list"),
        (#"{"seeds": [1, -1]}"#, "seeds[1]: expected a whole number"),
        (#"{"seeds": [1.5]}"#, "seeds[0]: expected a whole number"),
        (#"{"seeds": [1, 1]}"#, "seeds[1]: '1' comes twice"),
        (#"{"name": "../up"}"#, "name: expected a name"),
        (#"{"name": ".up"}"#, "name: expected a name"),
        (#"{"about": 3}"#, "about: expected a text"),
        (#"{"options": {"cycles": null}}"#, "options.cycles: expected a number"),
        (#"{"options": {"cycles": [1]}}"#, "options.cycles: expected a number"),
        (#"{"options": {"--cycles": 1}}"#, "options.--cycles: expected the long name"),
        (#"{"options": {"seed": 1}}"#, "options.seed: not allowed in the file: use 'seeds'"),
        (#"{"options": {"help": true}}"#, "options.help: not allowed in the file"),
        (#"{"grid": {}}"#, "grid: no option"),
        (#"{"grid": {"cycles": 1}}"#, "grid.cycles: expected"),
        (#"{"grid": {"cycles": []}}"#, "grid.cycles: expected a list of values"),
        (#"{"grid": {"cycles": [1, 1]}}"#, "grid.cycles[1]: '1' comes twice"),
        (#"{"grid": {"sigma-scale": [1, "1.0"]}}"#, "grid.sigma-scale[1]: '1.0' comes twice"),
        (
          #"{"cells": [{"name": "lock"}], "seeds": [1]}"#,
          "cells[0]: 'lock' is the name of one of the sweep's own files"
        ),
        (#"{"cells": [{"options": {}}]}"#, "cells[0]: no 'name'"),
        (#"{"cells": [{"name": "a/b"}]}"#, "cells[0].name: expected a name"),
        (#"{"cells": [{"name": "a", "cycles": 1}]}"#, "cells[0]: unknown key 'cycles'"),
        (
          #"{"cells": [{"name": "a"}, {"name": "a"}], "seeds": [1]}"#,
          "cells[1]: two cells are called 'a'"
        ),
        (
          #"{"cells": [{"name": "a", "options": {"cycles": 1}}], "grid": {"cycles": [2]}, "#
            + #""seeds": [1]}"#,
          "cells[0].options.cycles: the grid varies this option"
        ),
        (#"{"scaled": {"name": "a"}}"#, "scaled: unknown key 'name'"),
        (#"{"scaled": {"seeds": [true]}}"#, "scaled.seeds[0]: expected"),
        (
          #"{"cells": [{"name": "a", "options": {"frobnicate": 1}}], "seeds": [1]}"#,
          "cell 'a': unknown option '--frobnicate"
        ),
        (
          #"{"cells": [{"name": "a", "options": {"cycles": "many"}}], "seeds": [1]}"#,
          "cell 'a': invalid cycles 'many': expected a whole number"
        ),
        (
          #"{"options": {"data": "data", "arch": "small.json"}, "grid": {"cycles": [0]}, "#
            + #""seeds": [1]}"#,
          "cell 'cycles=0': invalid cycles '0'"
        ),
        (
          #"{"cells": [{"name": "a", "options": {"preset": "mnist-7conv"}}], "seeds": [1]}"#,
          "cell 'a': "
        ),
        (
          #"{"grid": {"cycles": [1, 2], "sigma-scale": [1, 2]}, "seeds": [SEEDS]}"#,
          "grid: more than 10,000 runs"
        ),
      ])
    func malformed(text: String, message: String) async throws {
      let sandbox = try Sandbox()
      let seeds = (1...2501).map(String.init).joined(separator: ",")
      try sandbox.write(text.replacing("SEEDS", with: seeds), to: "bad.json")
      let outcome = try await sandbox.rso(["sweep", "bad.json", "-o", "swept"])
      #expect(outcome.status == 65, "\(outcome.errors)")
      #expect(outcome.output == "")
      #expect(
        outcome.errors.hasPrefix("rso-sweep: cannot use 'bad.json' as a sweep: \(message)"),
        "\(outcome.errors)")
      #expect(!sandbox.exists("swept"))
    }

    @Test(
      "files that a sweep names are looked for beside it",
      arguments: [
        ("arch", "none.json"), ("data", "nowhere/data"), ("init", "none.npz"),
        ("test-data", "tests"),
      ])
    func missing(option: String, value: String) async throws {
      let sandbox = try Sandbox()
      try FileManager.default.createDirectory(
        atPath: sandbox.path("below"), withIntermediateDirectories: true)
      var options = ["arch": "../small.json", "data": "../data"]
      options[option] = value
      let text = options.map { "\"\($0)\": \"\($1)\"" }.joined(separator: ", ")
      try sandbox.write(
        #"{"cells": [{"name": "a", "options": {"# + text + #"}}], "seeds": [1]}"#,
        to: "below/sweep.json")
      let outcome = try await sandbox.rso(["sweep", "below/sweep.json", "-o", "swept"])
      #expect(outcome.status == 66, "\(outcome.errors)")
      #expect(outcome.errors.contains(sandbox.path("below/\(value)")), "\(outcome.errors)")
    }

    @Test("a cell is named after a file as the sweep's file names it, wherever that lies")
    func namedAfterFiles() async throws {
      let sandbox = try Sandbox()
      try FileManager.default.createDirectory(
        atPath: sandbox.path("below"), withIntermediateDirectories: true)
      try sandbox.write(
        #"{"options": {"data": "../data", "batch-size": 30}, "grid": {"arch": ["../small.json"]}, "#
          + #""seeds": [1]}"#, to: "below/sweep.json")
      let outcome = try await sandbox.rso(["sweep", "below/sweep.json", "-o", "x", "--dry-run"])
      #expect(outcome.status == 0 && outcome.output.contains("arch=..-small.json"), "\(outcome)")
    }

    @Test(
      "a sweep that is named after its file can be read again, whatever the file's name is",
      arguments: [
        ("my sweep ü.json", "my sweep ü"), (".a\nb.json", "a-b"), ("...json", "sweep"),
        ("\(String(repeating: "ü", count: 110)).json", String(repeating: "-", count: 110)),
      ])
    func namedAfterItsFile(file: String, name: String) async throws {
      let sandbox = try Sandbox()
      try sandbox.write(
        #"{"options": {"data": "data", "arch": "small.json", "batch-size": 30, "cycles": 1}, "#
          + #""cells": [{"name": "a"}], "seeds": [1]}"#, to: file)
      let first = try Answer(try await sandbox.rso(["sweep", file, "--json"]))
      #expect(first.sweep == name && first.states.count == 1)
      let directory = "runs/\(name)"
      let again = try Answer(
        try await sandbox.rso(["sweep", "\(directory)/sweep.json", "-o", directory, "--json"]))
      #expect(again == first)
      for verb in [["history"], ["compare"], ["report", "-o", "r.html"]] {
        let outcome = try await sandbox.rso(verb + [directory])
        #expect(outcome.status == 0, "\(verb): \(outcome.errors)")
      }
    }

    @Test("a network that fits the data is planned as 'rso train --arch auto' plans it")
    func automatic() async throws {
      let sandbox = try Sandbox()
      try sandbox.write(
        #"{"options": {"data": "data", "cycles": 1}, "grid": {"arch": ["auto", "small.json"]}, "#
          + #""seeds": [7]}"#, to: "sweep.json")
      let swept = try Answer(
        try await sandbox.rso(["sweep", "sweep.json", "-o", "swept", "--json"]))
      #expect(swept.cells.map(\.cell) == ["arch=auto", "arch=small.json"])
      for (arch, state) in zip(["auto", "small.json"], swept.states) {
        let alone = try TrainingAnswer(
          try await sandbox.rso([
            "train", "--arch", arch, "--data", "data", "--cycles", "1", "--seed", "7", "-o",
            arch
              + "-run", "--json",
          ]))
        #expect(alone.stateSha256 == state)
      }
      let again = try Answer(
        try await sandbox.rso(["sweep", "swept/sweep.json", "-o", "swept", "--json"]))
      #expect(again.states == swept.states)
    }

    @Test(
      "files of numbers that a sweep names are those beside it, not those of the working directory")
    func numbersBeside() async throws {
      let sandbox = try Sandbox()
      try FileManager.default.createDirectory(
        atPath: sandbox.path("below"), withIntermediateDirectories: true)
      let weights = (1...10).map(String.init).joined(separator: ",")
      try sandbox.write(weights, to: "weights.txt")
      try sandbox.write(
        #"{"options": {"data": "../data", "arch": "../small.json", "batch-size": 30}, "#
          + #""grid": {"class-weights": ["weights.txt"]}, "seeds": [1]}"#, to: "below/sweep.json")
      let command = ["sweep", "below/sweep.json", "-o", "x", "--dry-run"]
      let path = sandbox.path("below/weights.txt")
      let missing = try await sandbox.rso(command)
      #expect(missing.status == 65 && missing.errors.contains("'\(path)'"), "\(missing.errors)")
      try sandbox.write(weights, to: "below/weights.txt")
      let found = try await sandbox.rso(command)
      #expect(found.status == 0 && found.output.contains("--class-weights=\(path) "), "\(found)")
    }

    @Test("a number beyond any other is refused by what it is for")
    func numbers() async throws {
      let sandbox = try Sandbox()
      try sandbox.write(
        #"{"grid": {"cycles": [1e300]}, "seeds": [18446744073709551615]}"#,
        to: "large.json")
      let outcome = try await sandbox.rso(["sweep", "large.json", "-o", "swept"])
      #expect(outcome.status == 65 && outcome.errors.contains("invalid cycles '1e+300'"))
    }

    @Test("a run told to stop at the end of its input stops, saved")
    func stopsAtEOF() async throws {
      let sandbox = try Sandbox()
      // Standard input of a program under test is empty.
      let outcome = try await sandbox.rso(
        sandbox.training("run", cycles: 100_000, ["--stop-at-eof"]))
      #expect(outcome.status == 128 + SIGTERM)
      #expect(
        outcome.errors.hasSuffix(
          "interrupted; resume with: rso resume \(sandbox.path("run"))\n"))
      #expect(try await sandbox.rso(["verify", "run"]).status == 0)
    }
  }
}
