import Foundation
import Testing

extension EndToEnd {
  @Suite("--perf-log")
  struct PassLogTests {
    private struct Row {
      var cycle: Int
      var layer: String
      var pass: String
      var seconds: Double
      var count: Int

      init(_ line: Substring) throws {
        let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        try #require(cells.count == 5, "\(line)")
        cycle = try #require(Int(cells[0]))
        (layer, pass) = (cells[1], cells[2])
        seconds = try #require(Double(cells[3]))
        count = try #require(Int(cells[4]))
      }
    }

    private func rows(_ sandbox: Sandbox, _ name: String) throws -> [Row] {
      let lines = String(decoding: try sandbox.data(name), as: UTF8.self).split(separator: "\n")
      #expect(lines.first == "cycle,layer,pass,seconds,count")
      return try lines.dropFirst().map(Row.init)
    }

    @Test("has every pass of every cycle, adds up to the run's time, and changes nothing")
    func train() async throws {
      let sandbox = try Sandbox()
      let clock = ContinuousClock()
      let began = clock.now
      let logged = try TrainingAnswer(
        try await sandbox.rso(sandbox.training("a", ["--perf-log", sandbox.path("a.csv")])))
      let took = (clock.now - began) / .seconds(1)
      let plain = try TrainingAnswer(try await sandbox.rso(sandbox.training("b")))
      #expect(logged.stateSha256 == plain.stateSha256)

      let rows = try rows(sandbox, "a.csv")
      func count(_ cycle: Int, _ layer: String, _ pass: String) -> Int? {
        rows.first { $0.cycle == cycle && $0.layer == layer && $0.pass == pass }?.count
      }
      for cycle in 1...2 {
        // 600 samples in batches of 30: each of the 20 is loaded once a layer.
        for layer in ["fc", "conv2", "conv1"] { #expect(count(cycle, layer, "load") == 20) }
        // One a step: 6 x 9 weights, beta and gamma of 6 channels.
        #expect(count(cycle, "conv1", "channel") == 66)
        #expect(count(cycle, "fc", "channel") == 60)
        #expect((count(cycle, "conv1", "conv2") ?? 0) >= 66)
        #expect((count(cycle, "conv2", "fc") ?? 0) >= 336)
        for pass in ["statistics", "predictions", "other"] { #expect(count(cycle, "", pass) == 1) }
      }
      let sum = rows.reduce(0) { $0 + $1.seconds }
      #expect(rows.allSatisfy { $0.seconds >= 0 } && sum > 0 && sum <= took)
      #expect(Set(rows.map(\.cycle)) == [1, 2])
    }

    @Test("begins where a run goes on")
    func resume() async throws {
      let sandbox = try Sandbox()
      _ = try TrainingAnswer(try await sandbox.rso(sandbox.training("run", cycles: 1)))
      _ = try TrainingAnswer(
        try await sandbox.rso([
          "resume", sandbox.path("run"), "--data", sandbox.path("data"), "--cycles", "2",
          "--extend", "keep", "--json", "--perf-log", sandbox.path("log.csv"),
        ]))
      #expect(Set(try rows(sandbox, "log.csv").map(\.cycle)) == [2])
    }

    @Test("a file that cannot be written is refused before anything is made")
    func unwritable() async throws {
      let sandbox = try Sandbox()
      let file = sandbox.path("nowhere/log.csv")
      let outcome = try await sandbox.rso(sandbox.training("run", ["--perf-log", file]))
      #expect(outcome.status == 73)
      #expect(outcome.errors.hasPrefix("rso-train: cannot write '\(file)': no such file"))
      #expect(!sandbox.exists("run"))
      let preview = try await sandbox.rso(
        sandbox.preview(sandbox.training("run", ["--perf-log", sandbox.path("log.csv")])))
      #expect(preview.status == 0 && !sandbox.exists("log.csv"))
    }

    @Test("a run that is refused leaves the file as it is; one that begins replaces it")
    func refused() async throws {
      let sandbox = try Sandbox()
      _ = try TrainingAnswer(try await sandbox.rso(sandbox.training("run", cycles: 1)))
      try sandbox.write("what was measured before\n", to: "log.csv")
      let arguments = ["--perf-log", sandbox.path("log.csv")]
      let outcome = try await sandbox.rso(sandbox.training("run", cycles: 1, arguments))
      #expect(outcome.status == 73)
      #expect(try sandbox.data("log.csv") == Data("what was measured before\n".utf8))
      _ = try TrainingAnswer(try await sandbox.rso(sandbox.training("other", cycles: 1, arguments)))
      #expect(try rows(sandbox, "log.csv").allSatisfy { $0.cycle == 1 })
    }
  }
}
