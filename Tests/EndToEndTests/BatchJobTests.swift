import Foundation
import TestSupport
import Testing

extension EndToEnd {
  /// The features for batch systems: one command that begins and continues a run, a time limit shorter than the
  /// job's, and the cells of a sweep as tasks.
  @Suite("Batch jobs, from the command line")
  struct BatchJobTests {
    private static let scales = """
      {"name": "scales", "options": {"arch": "small.json", "data": "data", "cycles": 2, "batch-size": 30},
       "grid": {"deviation-scale": [0.5, 1, 2]}, "seeds": [7, 8]}
      """

    @Test("--resume begins a run, continues it, and then leaves it as it is")
    func resumes() async throws {
      let sandbox = try Sandbox()
      let whole = try TrainingAnswer(try await sandbox.rso(sandbox.training("whole", cycles: 15)))
      let command = sandbox.training("run", cycles: 15, ["--resume", "--save-interval", "0.02"])
      let running = try sandbox.start(command)
      try #require(try await running.runs { sandbox.exists("run/ckpt-000001.h5") })
      running.send(SIGKILL)
      _ = try await running.end()
      let resumed = try await sandbox.rso(command)
      #expect(resumed.errors.contains("continuing small on"))
      #expect(try TrainingAnswer(resumed).stateSha256 == whole.stateSha256)
      let again = try await sandbox.rso(command)
      #expect(again.errors.contains("'\(sandbox.path("run"))' is finished"))
      #expect(try TrainingAnswer(again).stateSha256 == whole.stateSha256)

      let other = try await sandbox.rso(
        sandbox.training("run", cycles: 15, ["--resume", "--hold", "2"]))
      #expect(other.status == 64 && other.errors.hasPrefix("rso-train: these options differ"))
      let elsewhere = try await sandbox.rso(sandbox.training("data", ["--resume"]))
      #expect(elsewhere.status == 73 && elsewhere.errors.contains("exists and is no run"))
    }

    @Test("--max-time saves and ends with a status of its own")
    func maxTime() async throws {
      let sandbox = try Sandbox()
      let outcome = try await sandbox.rso(
        sandbox.training("long", cycles: 100_000, ["--keep-last", "1", "--max-time", "0:02"]))
      #expect(outcome.status == 85 && outcome.output == "")
      #expect(
        outcome.errors.hasSuffix(
          "the time is over; resume with: rso resume \(sandbox.path("long"))\n"))
      #expect(try await sandbox.rso(["verify", "long"]).status == 0)
    }

    @Test("a run that is started again whenever its time is over ends with its own bits")
    func startedAgain() async throws {
      let sandbox = try Sandbox()
      let whole = try TrainingAnswer(try await sandbox.rso(sandbox.training("whole", cycles: 8)))
      let command = sandbox.training("run", cycles: 8, ["--resume", "--max-time", "0:01"])
      var outcome = try await sandbox.rso(command)
      var starts = 1
      while outcome.status == 85, starts < 100 {
        outcome = try await sandbox.rso(command)
        starts += 1
      }
      #expect(try TrainingAnswer(outcome).stateSha256 == whole.stateSha256)
    }

    @Test("tasks that train a cell each end as the whole sweep does")
    func cells() async throws {
      let sandbox = try Sandbox()
      try sandbox.write(Self.scales, to: "scales.json")
      #expect(try await sandbox.rso(["sweep", "scales.json", "--cells"]).output == "3\n")
      let early = try await sandbox.rso(["sweep", "scales.json", "-o", "tasks", "--collect"])
      #expect(early.status == 66 && early.errors.contains("no run of the sweep 'tasks' has begun"))
      #expect(!sandbox.exists("tasks"))

      let tasks = try (1...3).map { cell in
        try sandbox.start(["sweep", "scales.json", "-o", "tasks", "--cell", "\(cell)"])
      }
      for (task, scale) in zip(tasks, ["0.5", "1", "2"]) {
        let outcome = try await task.end()
        #expect(outcome.status == 0, "\(outcome.errors)")
        let cells = Set(outcome.output.matches(of: /deviation-scale=([0-9.]+)/).map { $0.1 })
        #expect(cells == [Substring(scale)])
      }
      #expect(!sandbox.exists("tasks/results.csv"))
      let collected = try await sandbox.rso(["sweep", "scales.json", "-o", "tasks", "--collect"])
      let whole = try await sandbox.rso(["sweep", "scales.json", "-o", "whole"])
      #expect(collected.status == 0 && whole.status == 0)
      #expect(try states("tasks", sandbox) == states("whole", sandbox))
      #expect(try states("tasks", sandbox).count == 6)

      let beyond = try await sandbox.rso(["sweep", "scales.json", "-o", "tasks", "--cell", "4"])
      #expect(beyond.status == 64)
      #expect(
        beyond.errors.hasPrefix(
          "rso-sweep: invalid cell '4': expected 1 to 3, the cells of 'scales.json'\n"))
    }

    @Test("what is not finished is collected as it is; a sweep whose time is over goes on")
    func unfinished() async throws {
      let sandbox = try Sandbox()
      let long = Self.scales.replacing(#""cycles": 2"#, with: #""cycles": 100000"#)
      try sandbox.write(long, to: "scales.json")
      let outcome = try await sandbox.rso(
        ["sweep", "scales.json", "-o", "tasks", "--cell", "2", "--max-time", "0:02"])
      #expect(outcome.status == 85 && outcome.output == "")
      #expect(
        outcome.errors.hasSuffix(
          "the time is over; continue with: rso sweep scales.json -o tasks --cell 2\n"))
      let run = "tasks/deviation-scale=1/seed-7"
      #expect(try await sandbox.rso(["verify", run]).status == 0)
      let collected = try await sandbox.rso(["sweep", "scales.json", "-o", "tasks", "--collect"])
      #expect(collected.status == 0 && collected.output.contains("0 of 2"))
    }

    @Test("a launcher of several processes is told how a sweep is shared")
    func launcher() async throws {
      let sandbox = try Sandbox()
      try sandbox.write(Self.scales, to: "scales.json")
      let outcome = try await sandbox.rso(
        ["sweep", "scales.json"], environment: ["PMI_SIZE": "4", "PMI_RANK": "1"])
      #expect(outcome.status == 64)
      #expect(
        outcome.errors.hasPrefix(
          "rso-sweep: a sweep is one process, and the launcher has started 4"))
    }

    private func states(_ sweep: String, _ sandbox: Sandbox) throws -> [Substring] {
      String(decoding: try sandbox.data("\(sweep)/results.csv"), as: UTF8.self)
        .matches(of: /[0-9a-f]{64}/).map(\.output)
    }
  }
}
