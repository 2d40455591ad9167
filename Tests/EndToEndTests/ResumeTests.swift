import Foundation
import Testing

extension EndToEnd {
  @Suite("Resuming, from the command line")
  struct ResumeTests {
    private static let cycles = 6

    /// `state_sha256` of the run that was never interrupted.
    private func uninterrupted(_ sandbox: Sandbox) async throws -> String {
      try TrainingAnswer(
        try await sandbox.rso(sandbox.training("whole", cycles: Self.cycles))
      ).stateSha256
    }

    private func resume(_ sandbox: Sandbox, _ more: [String] = []) async throws -> Outcome {
      try await sandbox.rso(["resume", "run", "--data", "data", "--json"] + more)
    }

    /// Starts the run and kills it with `signal` when `moment` has come.
    private func interrupt(
      _ sandbox: Sandbox, with signal: Int32, threads: Int = 2, when moment: () -> Bool
    ) async throws -> Outcome {
      let running = try sandbox.start(
        sandbox.training(
          "run", cycles: Self.cycles, ["--save-interval", "0.02", "--threads", "\(threads)"]))
      try #require(
        try await running.runs(until: moment), "the run ended before it could be interrupted")
      running.send(signal)
      return try await running.end(within: 10)
    }

    @Test("kill -9 at any moment loses nothing that matters", arguments: [1, 2, 3])
    func kill(threads: Int) async throws {
      let sandbox = try Sandbox()
      let expected = try await uninterrupted(sandbox)
      // Each number of threads is killed somewhere else: before the first cycle ends, later, and
      // again after a resume on another number of threads.
      let landmark = ["last.h5", "ckpt-000002.h5", "ckpt-000003.h5"][threads - 1]
      let outcome = try await interrupt(sandbox, with: SIGKILL, threads: threads) {
        sandbox.exists("run/\(landmark)")
      }
      #expect(outcome.signal == SIGKILL)
      let again = try sandbox.start([
        "resume", "run", "--data", "data", "--save-interval", "0.02", "--threads", "\(4 - threads)",
      ])
      if try await again.runs(until: { sandbox.exists("run/ckpt-000004.h5") }) {
        again.send(SIGKILL)
      }
      _ = try await again.end()
      let resumed = try TrainingAnswer(try await resume(sandbox, ["--threads", "\(threads)"]))
      #expect(resumed.stateSha256 == expected)
      let rows = String(decoding: try sandbox.data("run/metrics.csv"), as: UTF8.self)
      #expect(rows.split(separator: "\n").count == 1 + Self.cycles)
    }

    @Test(
      "a signal saves the state and ends the run within two seconds",
      arguments: [
        ("SIGHUP", SIGHUP), ("SIGINT", SIGINT), ("SIGTERM", SIGTERM), ("SIGUSR1", SIGUSR1),
      ])
    func signal(name: String, number: Int32) async throws {
      let sandbox = try Sandbox()
      let expected = try await uninterrupted(sandbox)
      let running = try sandbox.start(
        sandbox.training("run", cycles: Self.cycles, ["--save-interval", "1000"]))
      try #require(try await running.runs { sandbox.exists("run/ckpt-000002.h5") })
      let sent = Date()
      running.send(number)
      let outcome = try await running.end(within: 10)
      #expect(Date().timeIntervalSince(sent) < 2)
      #expect(outcome.status == 128 + number)
      #expect(outcome.signal == nil, "it exits by itself, after saving")
      let command = "rso resume \(sandbox.path("run"))"
      #expect(outcome.errors.contains("resume with: \(command)\n"), "\(outcome.errors)")
      #expect(sandbox.exists("run/last.h5"))
      let evaluated = try await sandbox.rso(["eval", "run", "--data", "data", "--json"])
      #expect(try EvaluationAnswer(evaluated).cycle >= 2, "evaluated inside a cycle")
      #expect(try TrainingAnswer(try await resume(sandbox)).stateSha256 == expected)
    }

    @Test(
      "the end of processor time saves the state and ends the run, and a resumed run is the same")
    func processorTime() async throws {
      let sandbox = try Sandbox()
      let training = { cycles in
        sandbox.training("run", cycles: cycles, ["--save-interval", "1000", "--threads", "1"])
      }
      let limited = try await Programs.run(
        "/bin/bash",
        ["-c", "ulimit -t 2; exec \"$@\"", "sh", Programs.path("rso")] + training(100_000),
        in: sandbox.url)
      #expect(limited.status == 85 && limited.signal == nil, "\(limited)")
      #expect(limited.errors.contains("the time is over"), "\(limited.errors)")
      let stopped = try EvaluationAnswer(
        try await sandbox.rso(["eval", "run", "--data", "data", "--json"]))
      let verified = try await sandbox.rso(["verify", sandbox.path("run/last.h5")])
      #expect(stopped.cycle >= 1 && verified.status == 0, "\(verified)")
    }

    @Test("what a kill has left out of a run's end is written when it is looked at again")
    func healed() async throws {
      let sandbox = try Sandbox()
      _ = try TrainingAnswer(try await sandbox.rso(sandbox.training("run", cycles: 2)))
      let names = ["last-copy.h5", "ckpt-000002.h5", "best.h5", "metrics.csv"]
      let before = try names.map { try sandbox.data("run/\($0)") }
      // best.h5 is that of another cycle where the last one is not the best.
      for name in names.prefix(2) {
        try FileManager.default.removeItem(atPath: sandbox.path("run/\(name)"))
      }
      // The last row is half there.
      try before[3].dropLast(9).write(to: sandbox.url.appendingPathComponent("run/metrics.csv"))
      _ = try await sandbox.rso(["resume", "run", "--quiet"])
      #expect(try names.map { try sandbox.data("run/\($0)") } == before)
      try FileManager.default.removeItem(atPath: sandbox.path("run/best.h5"))
      let preview = try await sandbox.rso(["resume", "run", "--dry-run"])
      #expect(preview.status == 0 && !sandbox.exists("run/best.h5"))
      _ = try await sandbox.rso(["resume", "run"])
      #expect(try names.map { try sandbox.data("run/\($0)") } == before)
      // What is there and differs is somebody's own, and older files stay.
      let older = try sandbox.data("run/ckpt-000001.h5")
      try older.write(to: sandbox.url.appendingPathComponent("run/ckpt-000002.h5"))
      try (before[3] + Data("a note\n".utf8)).write(
        to: sandbox.url.appendingPathComponent("run/metrics.csv"))
      _ = try await sandbox.rso(["resume", "run", "--keep-last", "1"])
      #expect(try sandbox.data("run/ckpt-000002.h5") == older)
      #expect(try sandbox.data("run/metrics.csv") == before[3] + Data("a note\n".utf8))
      #expect(sandbox.exists("run/ckpt-000000.h5"))
    }

    @Test(
      "a run needs none of the standard streams",
      arguments: ["0<&- 1>&- 2>&-", "2>&-", "0<&- 2>&-"])
    func withoutStreams(closed: String) async throws {
      let sandbox = try Sandbox()
      let words = ([Programs.path("rso")] + sandbox.training("run", cycles: 2)).filter {
        $0 != "--json"
      }
      let command = words.map { "'\($0)'" }.joined(separator: " ")
      _ = try await Programs.run("/bin/bash", ["-c", "\(command) \(closed)"], in: sandbox.url)
      let found = try await sandbox.rso(["inspect", "run"])
      #expect(found.output.contains("after 2 of 2 cycles"), "\(found.output)")
      #expect(try sandbox.data("run/lock").count < 200)
    }

    @Test("a finished run is left as it is")
    func finished() async throws {
      let sandbox = try Sandbox()
      let trained = try TrainingAnswer(try await sandbox.rso(sandbox.training("run", cycles: 1)))
      let before = try sandbox.data("run/last.h5")
      let outcome = try await resume(sandbox)
      #expect(outcome.errors.contains("finished"))
      #expect(try TrainingAnswer(outcome).stateSha256 == trained.stateSha256)
      #expect(try sandbox.data("run/last.h5") == before)
      for path in ["run", "run/last.h5", "run@1"] {
        let branch = try await sandbox.rso(["resume", path, "-o", "new"])
        #expect(branch.status == 64 && branch.output == "")
        let file = path == "run@1" ? "run/ckpt-000001.h5" : "run/last.h5"
        #expect(
          branch.errors == """
            rso-resume: '\(file)' is finished, and 'new' was not made: its plan ends after 1 cycle; for more, use \
            --cycles N --extend keep|rescale

            """)
        #expect(!sandbox.exists("new"))
      }
    }

    @Test("options that say what the plan says pass; others are refused with a table")
    func options() async throws {
      let sandbox = try Sandbox()
      _ = try TrainingAnswer(try await sandbox.rso(sandbox.training("run", cycles: 1)))
      let same = try await resume(
        sandbox, ["--batch-size", "30", "--seed", "7", "--arch", "small.json", "--cycles", "1"])
      #expect(same.status == 0, "\(same.errors)")
      let other = try await resume(
        sandbox,
        ["--batch-size", "31", "--seed", "8", "--arch", "mlp.json", "--phase-samples", "100"])
      #expect(other.status == 64)
      for part in ["--batch-size", "30", "31", "--seed", "--arch", "mlp", "--phase-samples", "all"]
      {
        #expect(other.errors.contains(part), "\(part)")
      }
    }

    @Test("more cycles need a word about the schedule", arguments: ["keep", "rescale"])
    func extend(how: String) async throws {
      let sandbox = try Sandbox()
      _ = try TrainingAnswer(try await sandbox.rso(sandbox.training("run", cycles: 2)))
      let refused = try await resume(sandbox, ["--cycles", "3"])
      #expect(refused.status == 64)
      #expect(refused.errors.contains("--extend"))
      let extended = try TrainingAnswer(
        try await resume(sandbox, ["--cycles", "3", "--extend", how]))
      #expect(extended.cycles == 3)
      let backwards = try await resume(sandbox, ["--cycles", "1", "--extend", how])
      #expect(backwards.status == 64)
      for more in [["--dry-run"], ["-o", "other", "--perf-log", "log.csv"]] {
        let endless = try await sandbox.rso(
          ["resume", "run", "--cycles", "9223372036854775807", "--extend", how] + more)
        #expect(endless.status == 64)
        #expect(endless.errors.contains("expected 1 to 1000000000"), "\(endless.errors)")
        #expect(!sandbox.exists("other") && !sandbox.exists("log.csv"))
      }
    }

    @Test("an older checkpoint goes on in a new run directory only")
    func branch() async throws {
      let sandbox = try Sandbox()
      let trained = try TrainingAnswer(try await sandbox.rso(sandbox.training("run", cycles: 3)))
      let arguments = ["resume", "run/ckpt-000001.h5", "--data", "data", "--json"]
      let before = try sandbox.data("run/last.h5")
      let refused = try await sandbox.rso(arguments)
      #expect(refused.status == 64)
      #expect(refused.errors.contains("-o"))
      let branched = try TrainingAnswer(try await sandbox.rso(arguments + ["-o", "branch"]))
      #expect(branched.stateSha256 == trained.stateSha256)
      #expect(try sandbox.data("run/last.h5") == before)
      let existing = try await sandbox.rso(arguments + ["-o", "branch"])
      #expect(existing.status == 73)
    }

    @Test("a damaged checkpoint is named and passed over for the newest good one")
    func damaged() async throws {
      let sandbox = try Sandbox()
      let trained = try TrainingAnswer(try await sandbox.rso(sandbox.training("run", cycles: 3)))
      for name in ["run/last.h5", "run/ckpt-000003.h5", "run/best.h5"] {
        var bytes = try sandbox.data(name)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: sandbox.url.appendingPathComponent(name))
      }
      let outcome = try await resume(sandbox)
      #expect(outcome.errors.contains("last.h5"))
      #expect(try TrainingAnswer(outcome).stateSha256 == trained.stateSha256)
    }

    @Test("other data are refused")
    func otherData() async throws {
      let sandbox = try Sandbox()
      _ = try TrainingAnswer(try await sandbox.rso(sandbox.training("run", cycles: 1)))
      try TinyData.write(to: sandbox.url.appendingPathComponent("other"), seed: 2)
      let outcome = try await sandbox.rso([
        "resume", "run", "--data", "other", "--cycles", "2", "--extend", "keep",
      ])
      #expect(outcome.status == 65)
      #expect(outcome.errors.contains("data"))
    }
  }
}
