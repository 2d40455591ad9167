import Foundation
import TestSupport
import Testing

extension EndToEnd {
  @Suite("Verifying, from the command line")
  struct VerifyTests {
    private struct Answer: Decodable {
      struct File: Decodable {
        var path: String
        var verdict: String
        var stateSha256: String?
      }
      struct Replay: Decodable {
        var verdict: String
        var neurons: Int?
        var whole: Bool?
      }
      var verdict: String
      var files: [File]
      var replays: [Replay]

      init(_ outcome: Outcome) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(Self.self, from: Data(outcome.output.utf8))
      }
    }

    private func verify(_ sandbox: Sandbox, _ arguments: [String]) async throws -> Outcome {
      try await sandbox.rso(["verify", "--data", "data", "--json", "--quiet"] + arguments)
    }

    @Test("a run is good, and replays to what its files hold")
    func good() async throws {
      let sandbox = try Sandbox()
      let trained = try TrainingAnswer(try await sandbox.rso(sandbox.training("run", cycles: 2)))
      let outcome = try await verify(sandbox, ["run", "--replay", "1000000"])
      #expect(outcome.status == 0, "\(outcome.output)")
      let answer = try Answer(outcome)
      #expect(answer.files.count == 6 && answer.files.allSatisfy { $0.verdict == "good" })
      #expect(answer.files[0].stateSha256 == trained.stateSha256)
      #expect(answer.replays.count == 2 && answer.replays.allSatisfy { $0.whole == true })
      let file = try await verify(sandbox, ["run/ckpt-000001.h5", "--replay", "2"])
      #expect(try Answer(file).replays.map(\.neurons) == [2])
      #expect(file.status == 0)
      let named = try await verify(sandbox, ["run@1", "--replay", "2"])
      #expect(named.status == 0 && named.output == file.output)
      let none = try await verify(sandbox, ["run@7"])
      #expect(none.status == 2 && none.output.contains("'run' has no checkpoint of cycle 7"))
      let last = try await verify(sandbox, ["run/last.h5", "--replay", "2"])
      #expect(last.status == 2, "nothing lies after it")
    }

    @Test(
      "where every step changes all parameters, only the next checkpoint as a whole is compared",
      arguments: ["layer", "network"])
    func joint(granularity: String) async throws {
      let sandbox = try Sandbox()
      _ = try TrainingAnswer(
        try await sandbox.rso(sandbox.training("run", ["--granularity", granularity])))
      let part = try await verify(sandbox, ["run", "--replay", "1"])
      #expect(part.status == 2, "\(part.output)")
      #expect(part.output.contains("every step changes the whole \(granularity)"))
      let whole = try await verify(sandbox, ["run", "--replay", "1000000"])
      #expect(whole.status == 0, "\(whole.output)")
      #expect(try Answer(whole).replays.allSatisfy { $0.whole == true })
    }

    @Test("damage is 1, doubt is 2, and damage beats doubt")
    func statuses() async throws {
      let sandbox = try Sandbox()
      _ = try TrainingAnswer(try await sandbox.rso(sandbox.training("run", cycles: 1)))
      var bytes = try sandbox.data("run/last.h5")
      bytes[bytes.count - 1] ^= 1
      try bytes.write(to: sandbox.url.appendingPathComponent("run/last.h5"))
      #expect(try await verify(sandbox, ["run/last.h5"]).status == 1)
      #expect(try await verify(sandbox, ["run"]).status == 1)
      #expect(try await verify(sandbox, ["run/best.h5"]).status == 0)
      #expect(try await verify(sandbox, ["nowhere"]).status == 2)
      #expect(try await verify(sandbox, ["small.json"]).status == 2)
      #expect(try await verify(sandbox, ["data"]).status == 2)
      #expect(try await verify(sandbox, ["nowhere", "run/last.h5", "run/best.h5"]).status == 1)
      let people = try await sandbox.rso(["verify", "run", "nowhere"])
      #expect(people.output.contains("damaged  run/last.h5: cannot read 'run/last.h5': damaged or"))
      #expect(people.output.contains("good     run/last-copy.h5: after 1 cycle; state "))
      #expect(people.output.contains("unknown  nowhere: cannot open 'nowhere': no such file"))
    }

    @Test("resuming skips damaged files with a warning, and says which file it uses")
    func fallback() async throws {
      let sandbox = try Sandbox()
      let whole = try TrainingAnswer(try await sandbox.rso(sandbox.training("whole", cycles: 2)))
      _ = try await sandbox.rso(sandbox.training("run", cycles: 2))
      for name in ["last", "last-copy", "ckpt-000002", "best"] {
        var bytes = try sandbox.data("run/\(name).h5")
        bytes[600] ^= 1
        try bytes.write(to: sandbox.url.appendingPathComponent("run/\(name).h5"))
      }
      let evaluated = try await sandbox.rso(["eval", "run", "--data", "data", "--json"])
      #expect(try EvaluationAnswer(evaluated).cycle == 1)
      #expect(evaluated.errors.contains("warning: cannot read 'run/last.h5': damaged"))
      #expect(evaluated.errors.contains("warning: using 'run/ckpt-000001.h5', after 1 cycle"))
      let outcome = try await sandbox.rso(["resume", "run", "--data", "data", "--json"])
      for name in ["last", "last-copy", "ckpt-000002"] {
        #expect(outcome.errors.contains("warning: cannot read 'run/\(name).h5': damaged"))
      }
      #expect(outcome.errors.contains("warning: using 'run/ckpt-000001.h5', after 1 cycle"))
      #expect(try TrainingAnswer(outcome).stateSha256 == whole.stateSha256)
      #expect(try await verify(sandbox, ["run"]).status == 0)
    }

    @Test("a run that a newer rso has gone on with is left to it")
    func newer() async throws {
      let sandbox = try Sandbox()
      _ = try await sandbox.rso(sandbox.training("run", cycles: 2))
      for name in ["last", "last-copy", "ckpt-000002"] {
        var bytes = try sandbox.data("run/\(name).h5")
        bytes[15] = UInt8(ascii: "3")
        try bytes.write(to: sandbox.url.appendingPathComponent("run/\(name).h5"))
      }
      let before = try sandbox.data("run/last.h5")
      let outcome = try await sandbox.rso(["resume", "run", "--data", "data"])
      #expect(outcome.status == 66)
      #expect(
        outcome.errors.hasPrefix(
          "rso-resume: 'run/last.h5' may hold the newest state of its run: cannot read"))
      #expect(try sandbox.data("run/last.h5") == before)
      #expect(try await verify(sandbox, ["run"]).status == 2)
      let branch = try await sandbox.rso([
        "resume", "run", "--data", "data", "-o", "branch", "--cycles", "3", "--extend", "keep",
      ])
      #expect(branch.status == 0, "\(branch.errors)")
      #expect(sandbox.exists("branch/ckpt-000003.h5"))
    }

    @Test("a deliberate edit is accepted on demand only")
    func reseal() async throws {
      let sandbox = try Sandbox()
      try Fixtures.data("checkpoints/edited.h5")
        .write(to: sandbox.url.appendingPathComponent("x.h5"))
      #expect(try await verify(sandbox, ["x.h5"]).status == 1)
      let outcome = try await verify(sandbox, ["--reseal", "x.h5"])
      #expect(outcome.status == 0, "\(outcome.output)")
      #expect(outcome.output.contains("statistics"))
      #expect(try await verify(sandbox, ["x.h5"]).status == 0)
      let inspected = try await sandbox.rso(["inspect", "x.h5", "--json"])
      #expect(inspected.output.contains("\"resealed\":"), "\(inspected.output)")
      let refused = try await verify(sandbox, ["--reseal", "small.json"])
      #expect(refused.status == 2)
      #expect(try await verify(sandbox, ["--reseal", "data"]).status == 64)
      // By its cycle, in the directory of a run.
      try FileManager.default.createDirectory(
        atPath: sandbox.path("run"), withIntermediateDirectories: false)
      try Fixtures.data("checkpoints/edited.h5").write(
        to: sandbox.url.appendingPathComponent("run/ckpt-000001.h5"))
      let named = try await verify(sandbox, ["--reseal", "run@1"])
      #expect(named.output.contains("statistics") && !named.output.contains("not resealed"))
      #expect(try await verify(sandbox, ["--reseal", "x.h5", "--replay", "1"]).status == 64)
    }

    @Test("another version's checkpoint is named, and goes on only by consent")
    func differentBits() async throws {
      let sandbox = try Sandbox()
      try Fixtures.data("checkpoints/v1/tiny.h5")
        .write(to: sandbox.url.appendingPathComponent("x.h5"))
      let refused = try await sandbox.rso(["resume", "x.h5", "--data", "data", "-o", "run"])
      #expect(refused.status == 64)
      #expect(refused.errors.contains("trained by rso 1.0.0, numeric path f32"))
      #expect(refused.errors.contains("--accept-different-bits"))
      #expect(!sandbox.exists("run"))
      let accepted = try await sandbox.rso([
        "resume", "x.h5", "--data", "data", "-o", "run", "--accept-different-bits",
      ])
      // The sandbox's data are not those of that run: it comes so far, and no further.
      #expect(accepted.status == 65, "\(accepted.errors)")
      #expect(!accepted.errors.contains("--accept-different-bits"))
    }
  }
}
