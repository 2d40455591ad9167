import Foundation
import TestSupport
import Testing

extension EndToEndOnFiles {
  /// The files that rso writes, as PyPI's `tensorboard` reads them.
  @Suite("--tensorboard")
  struct TensorBoardTests {
    private struct Run: Decodable {
      var tags: [String: [Event]]
      var settings: [String: Setting]?
      var hasEnded: Bool
      /// Some files have steps that later files have again.
      var isSuperseded: Bool
    }

    private struct Event: Decodable {
      var step: Int
      var time: Double
      var value: Value
    }

    private enum Value: Decodable {
      case number(Double)
      case figures([String: Double])

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        self =
          if let number = try? container.decode(Double.self) { .number(number) } else {
            .figures(try container.decode([String: Double].self))
          }
      }

      var number: Double? { if case .number(let number) = self { number } else { nil } }

      subscript(key: String) -> Double? {
        if case .figures(let figures) = self { figures[key] } else { nil }
      }
    }

    private enum Setting: Decodable, Equatable {
      case number(Double)
      case text(String)

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        self =
          if let number = try? container.decode(Double.self) { .number(number) } else {
            .text(try container.decode(String.self))
          }
      }
    }

    private func read(_ sandbox: Sandbox, _ directory: String = "tb") throws -> [String: Run] {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      return try decoder.decode(
        [String: Run].self,
        from: try Python.run("tensorboard/read_events.py", [sandbox.path(directory)]))
    }

    private func files(_ sandbox: Sandbox, _ directory: String = "tb") throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: sandbox.path(directory)).sorted()
    }

    /// Checks that every tag of a run has every step once, in order: cycles from 1, weights from 0.
    private func check(_ run: Run?, cycles: Int, isSuperseded: Bool = false) throws -> Run {
      let run = try #require(run)
      #expect(run.isSuperseded == isSuperseded)
      #expect(run.tags.count > 12)
      for (tag, events) in run.tags {
        let first = tag.hasPrefix("weights/") || tag.hasPrefix("filters/") ? 0 : 1
        #expect(events.map(\.step) == Array(first...cycles), "\(tag)")
      }
      return run
    }

    private func resume(_ run: String, _ cycles: Int, _ more: [String] = []) -> [String] {
      ["resume", run, "--cycles", "\(cycles)", "--extend", "keep", "--json"] + more
    }

    @Test(
      "a run and its resumption have each cycle once, with the figures of history and no other bits"
    )
    func resumed() async throws {
      let sandbox = try Sandbox()
      let option = ["--tensorboard", "tb"]
      let written = try TrainingAnswer(
        try await sandbox.rso(sandbox.training("a", ["--validation", "0.1"] + option)))
      let plain = try TrainingAnswer(
        try await sandbox.rso(sandbox.training("b", ["--validation", "0.1"])))
      #expect(written.stateSha256 == plain.stateSha256)
      _ = try TrainingAnswer(try await sandbox.rso(resume("a", 4, option)))
      // The settings of the extended plan have a file of their own, which is read first.
      #expect(try files(sandbox).count == 3)
      // A run that is finished lacks nothing.
      #expect(try await sandbox.rso(["resume", "a", "-q"] + option).status == 0)
      #expect(try files(sandbox).count == 3)

      let run = try check(read(sandbox)["."], cycles: 4)
      #expect(run.settings?["cycles"] == .number(4))
      #expect(run.hasEnded)
      let json = try await sandbox.rso(["history", "a", "--json"])
      let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
      let history = try #require((object as? [String: [[String: Any]]])?["runs"]?.first)
      let cycles = try #require(history["cycles"] as? [[String: Any]])
      for (tag, key) in [
        ("loss/training", "training_loss"), ("loss/validation", "validation_loss"),
        ("accuracy/validation", "validation_accuracy"), ("run/updates", "updates"),
        ("run/seconds", "seconds"), ("accepted/all layers", "changed"),
      ] {
        let shown = try #require(run.tags[tag], "\(tag)").compactMap(\.value.number)
        let known = cycles.compactMap { ($0[key] as? Double).map { Double(Float($0)) } }
        #expect(shown == known, "\(tag)")
      }
      // With a validation set, test data are measured once, at the end.
      #expect(run.tags["accuracy/test"] == nil)
      let times = try #require(run.tags["loss/training"]).map(\.time)
      #expect(times == times.sorted() && abs(times[3] - Date().timeIntervalSince1970) < 600)
    }

    @Test("weights are histograms, filters a picture, and options a table")
    func kinds() async throws {
      let sandbox = try Sandbox()
      _ = try TrainingAnswer(
        try await sandbox.rso(sandbox.training("a", cycles: 1, ["--tensorboard", "tb"])))
      let run = try check(read(sandbox)["."], cycles: 1)
      for (tag, count) in [("weights/conv1", 54), ("weights/conv2", 324), ("weights/fc", 60)] {
        let events = try #require(run.tags[tag], "\(tag)")
        #expect(events.allSatisfy { $0.value["count"] == Double(count) && $0.value["bins"] == 30 })
        #expect(events[0].value["lower"] != events[1].value["lower"])
      }
      let picture = try #require(run.tags["filters/conv1"]?.last?.value)
      // Six squares of 3 x 3 weights with lines between them, and squares of pixels for each weight.
      #expect(picture["width"] == 253 && picture["height"] == 33, "\(picture)")
      #expect((picture["colors"] ?? 0) > 20)
      let settings = try #require(run.settings)
      #expect(settings["seed"] == .number(7) && settings["batch-size"] == .number(30))
      #expect(settings["network"] == .text("small") && settings["proposal"] == .text("gaussian"))
      #expect(run.tags["accuracy/test"]?.count == 1)
    }

    @Test("a killed run leaves at most a part of a step, which its resumption writes again")
    func killed() async throws {
      let sandbox = try Sandbox()
      let program = try sandbox.start(
        sandbox.training("a", cycles: 200, ["--tensorboard", "tb"]))
      let isRunning = try await program.runs {
        FileManager.default.fileExists(atPath: sandbox.path("a/ckpt-000002.h5"))
      }
      #expect(isRunning)
      program.send(SIGKILL)
      _ = try await program.end()
      // As if the kill had come while the last step was written.
      let name = "tb/\(try files(sandbox)[0])"
      try sandbox.data(name).dropLast(11).write(to: sandbox.url.appendingPathComponent(name))
      let before = try #require(try read(sandbox)["."]?.tags["loss/training"]).count
      #expect(before >= 1)
      let interrupted = try sandbox.start(["resume", "a", "--tensorboard", "tb", "-q"])
      let goesOn = try await interrupted.runs {
        FileManager.default.fileExists(
          atPath: sandbox.path("a/ckpt-\(String(format: "%06d", before + 3)).h5"))
      }
      #expect(goesOn)
      interrupted.send(SIGTERM)
      #expect(try await interrupted.end().status == 128 + SIGTERM)
      let history = try await sandbox.rso(["history", "a", "--csv"])
      let cycles = history.output.split(separator: "\n").count - 1
      #expect(cycles >= before + 3)
      let run = try check(read(sandbox)["."], cycles: cycles)
      #expect(!run.hasEnded)
    }

    @Test("a branch supersedes the cycles after its beginning")
    func branch() async throws {
      let sandbox = try Sandbox()
      let option = ["--tensorboard", "tb"]
      _ = try TrainingAnswer(try await sandbox.rso(sandbox.training("a", cycles: 4, option)))
      let before = try #require(try read(sandbox)["."]?.tags["deviation/conv1"]).map(\.value.number)
      _ = try TrainingAnswer(
        try await sandbox.rso(
          [
            "resume", "a@2", "-o", "b", "--cycles", "3", "--extend", "rescale", "--json",
          ] + option))
      let run = try check(read(sandbox)["."], cycles: 3, isSuperseded: true)
      let after = try #require(run.tags["deviation/conv1"]).map(\.value.number)
      #expect(after[0...1] == before[0...1] && after[2] != before[2])
    }

    @Test("history writes what train would have written, with the weights of the checkpoints")
    func history() async throws {
      let sandbox = try Sandbox()
      _ = try TrainingAnswer(
        try await sandbox.rso(sandbox.training("a", cycles: 3, ["--tensorboard", "tb"])))
      let outcome = try await sandbox.rso(["history", "a", "--tensorboard", "later"])
      #expect(outcome.status == 0 && outcome.output == "" && outcome.errors == "")
      let (now, later) = (try read(sandbox)["."], try check(read(sandbox, "later")["."], cycles: 3))
      for (tag, events) in try #require(now).tags where tag != "run/seconds" {
        let others = try #require(later.tags[tag], "\(tag)")
        for (event, other) in zip(events, others) {
          #expect(event.value.number == other.value.number)
          #expect(event.value["lower"] == other.value["lower"])
          #expect(abs(event.time - other.time) < 5)
        }
      }
      #expect(later.settings == now?.settings && later.hasEnded)
      let again = try await sandbox.rso(["history", "a", "--tensorboard", "later"])
      let written = try files(sandbox, "later")
      #expect(again.status == 0 && written.count == 1)
      // Several runs have a directory each.
      let both = try await sandbox.rso(["history", "a", "a@1", "--tensorboard", "both"])
      #expect(both.status == 0, "\(both.errors)")
      #expect(try files(sandbox, "both") == ["a", "a@1"])
      _ = try check(read(sandbox, "both")["a@1"], cycles: 1)
    }

    @Test("a sweep has a directory for each run, also for those that were finished before")
    func sweep() async throws {
      let sandbox = try Sandbox()
      try sandbox.write(
        """
        {"name": "holds", "options": {"arch": "small.json", "data": "data", "batch-size": 30,
         "cycles": 2}, "grid": {"hold": [1, 4]}, "seeds": [1]}
        """, to: "sweep.json")
      #expect(
        try await sandbox.rso(["sweep", "sweep.json", "-o", "s", "--cell", "1", "-q"]).status == 0)
      let arguments = ["sweep", "sweep.json", "-o", "s", "-q", "--tensorboard", "tb"]
      for _ in 0..<2 {
        let outcome = try await sandbox.rso(arguments)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let runs = try read(sandbox)
        #expect(Set(runs.keys) == ["hold=1/seed-1", "hold=4/seed-1"])
        for (name, run) in runs {
          #expect(
            try check(run, cycles: 2).settings?["hold"] == .number(name.hasPrefix("hold=1") ? 1 : 4)
          )
          #expect(try files(sandbox, "tb/\(name)").count == 1)
        }
      }
      let history = try await sandbox.rso(["history", "s", "--tensorboard", "tb"])
      #expect(history.status == 0, "\(history.errors)")
      #expect(try files(sandbox, "tb/hold=4/seed-1").count == 1)
    }

    @Test("a directory of another run is refused before anything is made, a file too")
    func refused() async throws {
      let sandbox = try Sandbox()
      let option = ["--tensorboard", "tb"]
      _ = try TrainingAnswer(try await sandbox.rso(sandbox.training("a", cycles: 1, option)))
      let other = try await sandbox.rso(sandbox.training("b", cycles: 1, option))
      #expect(other.status == 73 && !sandbox.exists("b"))
      #expect(
        other.errors
          == "rso-train: 'tb' holds event files of another run or program; name another directory "
          + "with --tensorboard\n")
      let file = try await sandbox.rso(
        sandbox.training("b", cycles: 1, ["--tensorboard", "small.json"]))
      #expect(file.status == 73 && !sandbox.exists("b"), "\(file.errors)")
      let preview = try await sandbox.rso(
        sandbox.preview(sandbox.training("b", cycles: 1, ["--tensorboard", "new"])))
      #expect(preview.status == 0 && !sandbox.exists("new"))
      let existing = try await sandbox.rso(
        sandbox.training("a", cycles: 1, ["--tensorboard", "new"]))
      #expect(existing.status == 73 && !sandbox.exists("new"), "\(existing.errors)")
      #expect(try files(sandbox).count == 1)
    }

    @Test(
      "a file that cannot grow is one warning, and the run goes on; its resumption has all cycles")
    func full() async throws {
      let sandbox = try Sandbox()
      let words = sandbox.training("a", cycles: 40, ["-q", "--tensorboard", "tb"])
      // 160 blocks of 512 bytes: more than a checkpoint has, and less than 40 cycles of events.
      let limited = try await Programs.run(
        "/bin/sh",
        ["-c", "trap '' XFSZ; ulimit -f 160; exec \"$@\"", "sh", Programs.path("rso")] + words,
        in: sandbox.url)
      #expect(limited.status == 0)
      let name = "tb/\(try files(sandbox)[0])"
      #expect(
        limited.errors
          == "warning: cannot write '\(name)': file too large; training continues\n")
      let written = try #require(try read(sandbox)["."]?.tags["loss/training"]).count
      #expect((5..<40).contains(written))
      #expect(try await sandbox.rso(["resume", "a", "-q", "--tensorboard", "tb"]).status == 0)
      #expect(try check(read(sandbox)["."], cycles: 40).hasEnded)
    }
  }
}
