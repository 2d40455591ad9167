import Foundation
import Testing

extension EndToEnd {
  @Suite("A run knows its data")
  struct RunDataTests {
    private func move(_ old: String, _ new: String, in sandbox: Sandbox) throws {
      try FileManager.default.moveItem(atPath: sandbox.path(old), toPath: sandbox.path(new))
    }

    /// Trains in the sandbox, with data that is named relative to it.
    private func trained() async throws -> Sandbox {
      let sandbox = try Sandbox()
      try move("data", "mine", in: sandbox)
      let arguments = sandbox.training("work/run").map {
        $0 == sandbox.path("data") ? "./mine" : $0
      }
      _ = try TrainingAnswer(try await sandbox.rso(arguments))
      return sandbox
    }

    @Test("data named relative to the working directory is found again, from any directory")
    func found() async throws {
      let sandbox = try await trained()
      let eval = ["eval", sandbox.path("work/run"), "--json"]
      let here = try EvaluationAnswer(try await sandbox.rso(eval))
      let elsewhere = try await Programs.rso(eval, in: URL(fileURLWithPath: "/"))
      #expect(try EvaluationAnswer(elsewhere).loss == here.loss)
      let file = try await sandbox.rso(["eval", "work/run@1", "--json"])
      #expect(try EvaluationAnswer(file).cycle == 1)
      let layer = try await sandbox.rso(
        ["inspect", "work/run@1", "--layer", "conv1", "--samples", "9"])
      #expect(layer.status == 0 && layer.output.contains("on 9 training images"), "\(layer)")
      let replayed = try await sandbox.rso(["verify", "work/run", "--replay", "1"])
      #expect(replayed.status == 0, "\(replayed)")
      let resume = ["resume", "work/run", "--cycles", "3", "--extend", "keep", "--json"]
      #expect(try TrainingAnswer(try await sandbox.rso(resume)).cycles == 3)
      let again = [
        "resume", sandbox.path("work/run"), "--cycles", "4", "--extend", "keep", "--json",
      ]
      let far = try await Programs.rso(again, in: URL(fileURLWithPath: "/"))
      #expect(try TrainingAnswer(far).cycles == 4)
    }

    @Test("a run that was moved or copied, alone or with its data, finds it")
    func moved() async throws {
      let sandbox = try await trained()
      func accuracy(_ path: String) async throws -> Double {
        try EvaluationAnswer(try await sandbox.rso(["eval", path, "--json"])).accuracy
      }
      let expected = try await accuracy("work/run")
      try FileManager.default.createDirectory(
        atPath: sandbox.path("away/deep"), withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: sandbox.path("work/run"), toPath: sandbox.path("away/deep/copy"))
      #expect(try await accuracy("away/deep/copy") == expected)
      try FileManager.default.copyItem(
        atPath: sandbox.path("work/run/last.h5"), toPath: sandbox.path("only.h5"))
      #expect(try await accuracy("only.h5") == expected)
      // Both together: the relative place is right, and the absolute one leads nowhere.
      try move("work", "away/runs", in: sandbox)
      try move("mine", "away/mine", in: sandbox)
      #expect(try await accuracy("away/runs/run") == expected)
      // Through a symbolic link to the run.
      try FileManager.default.createSymbolicLink(
        atPath: sandbox.path("link"), withDestinationPath: "away/runs/run")
      #expect(try await accuracy("link") == expected)
    }

    @Test("data that is lost is named with its digest and what to do; a new place is recorded")
    func lost() async throws {
      let sandbox = try await trained()
      try move("mine", "elsewhere", in: sandbox)
      let resume = ["resume", "work/run", "--cycles", "3", "--extend", "keep", "--json"]
      for arguments in [["eval", "work/run"], resume] {
        let outcome = try await sandbox.rso(arguments)
        #expect(outcome.status == 66, "\(outcome)")
        #expect(outcome.errors.contains("cannot find the data of the run, 'mine' (SHA-256 of its"))
        #expect(outcome.errors.contains("'\(sandbox.path("mine"))' (nothing)"), "\(outcome.errors)")
        #expect(outcome.errors.hasSuffix("name its directory or file with --data\n"))
      }
      // Something else has taken the place: data with other content, then a pipe.
      try TinyData.write(to: sandbox.url.appendingPathComponent("mine"), seed: 2)
      let other = try await sandbox.rso(["eval", "work/run"])
      #expect(other.status == 66 && other.errors.contains("'\(sandbox.path("mine"))' (other data)"))
      #expect(try await sandbox.rso(resume + ["--data", "mine"]).status == 65)
      try FileManager.default.removeItem(atPath: sandbox.path("mine"))
      try #require(mkfifo(sandbox.path("mine"), 0o600) == 0)
      #expect(try await sandbox.rso(["eval", "work/run"]).status == 66)
      // Named once, it is known from then on; $RSO_DATA helps as well.
      let data = try await sandbox.rso(
        ["eval", "work/run", "--json"], environment: ["RSO_DATA": sandbox.path("elsewhere")])
      #expect(data.status == 0, "\(data.errors)")
      _ = try TrainingAnswer(try await sandbox.rso(resume + ["--data", "elsewhere"]))
      #expect(try await sandbox.rso(["eval", "work/run"]).status == 0)
    }

    @Test("an interrupted run is resumed with the command that it prints, from anywhere")
    func command() async throws {
      let sandbox = try Sandbox()
      let arguments = sandbox.training("run", cycles: 100_000).map {
        $0 == sandbox.path("data") ? "data" : $0
      }
      let running = try sandbox.start(arguments)
      try #require(try await running.runs { sandbox.exists("run/ckpt-000001.h5") })
      running.send(SIGTERM)
      let outcome = try await running.end()
      let command = "rso resume \(sandbox.path("run"))"
      #expect(
        outcome.errors.hasSuffix("interrupted; resume with: \(command)\n"), "\(outcome.errors)")
      let resumed = try RunningProgram(
        Programs.path("rso"), ["resume", sandbox.path("run")], in: URL(fileURLWithPath: "/"))
      #expect(try await resumed.runs { resumed.errorsSoFar.contains("continuing small") })
      resumed.send(SIGTERM)
      #expect(try await resumed.end().status == 128 + SIGTERM)
    }
  }
}
