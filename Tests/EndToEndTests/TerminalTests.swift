import Foundation
import TestSupport
import Testing

extension EndToEnd {
  /// The progress of runs and sweeps in a terminal.
  @Suite("Progress in a terminal")
  struct TerminalTests {
    private struct Terminal: Decodable {
      struct Screen: Decodable {
        var columns: Int
        var lines: [String]
      }

      var status: Int
      var lines: [String]
      var screens: [Screen]
    }

    /// Runs rso in a terminal that has each of the sizes for a second, and then the last one.
    private func terminal(
      _ sandbox: Sandbox, _ sizes: String, _ arguments: [String]
    ) async throws -> Terminal {
      let script = Fixtures.url("terminal/terminal.py").path
      let outcome = try await Programs.run(
        try Python.interpreter(), [script, sizes, Programs.path("rso")] + arguments,
        in: sandbox.url)
      try #require(outcome.status == 0, "\(outcome.errors)")
      return try JSONDecoder().decode(Terminal.self, from: Data(outcome.output.utf8))
    }

    // So many cycles that a run lasts for nearly a second, and what it shows is seen.
    #if DEBUG
      private static let cycles = 6
    #else
      private static let cycles = 70
    #endif

    private func sweep(cycles: Int = 6) throws -> Sandbox {
      let sandbox = try Sandbox()
      try sandbox.write(
        """
        {"name": "holds", "options": {"arch": "small.json", "data": "data", "batch-size": 30,
         "cycles": \(cycles), "validation": "0.1"}, "grid": {"hold": [1, 2, 4]}, "seeds": [1, 2]}
        """, to: "sweep.json")
      return sandbox
    }

    @Test("a sweep is one block that is drawn in place, and leaves only the results")
    func block() async throws {
      let sandbox = try sweep(cycles: Self.cycles)
      let seen = try await terminal(
        sandbox, "100x24,60x24,30x12", ["sweep", "sweep.json", "-o", "s", "--jobs", "2", "--json"])
      #expect(seen.status == 0)
      #expect(seen.screens.count > 4 && Set(seen.screens.map(\.columns)).count > 1)
      for screen in seen.screens.dropLast() {
        let blocks = screen.lines.count { $0.firstRange(of: " finished") != nil }
        #expect(blocks <= 1, "\(screen.lines.joined(separator: "\n"))")
      }
      let all = seen.screens.flatMap(\.lines)
      #expect(
        all.contains { $0.wholeMatch(of: /holds: \d of 6 runs finished, 2 running.*/) != nil })
      #expect(all.contains { $0.wholeMatch(of: /hold=1 +1\/2 +\d+\.\d\d %.*/) != nil })
      #expect(all.contains { $0.wholeMatch(of: /hold=2.*cycle \d+\/\d+.*/) != nil })
      // JSON that the terminal has broken into lines.
      let object = try JSONSerialization.jsonObject(with: Data(seen.lines.joined().utf8))
      let cells = try #require((object as? [String: Any])?["cells"] as? [[String: Any]])
      #expect(cells.map { $0["finished"] as? Int } == [2, 2, 2])
    }

    @Test("a failure in a sweep is a line that stays above the block")
    func failure() async throws {
      let sandbox = try sweep()
      let begun = try await sandbox.rso(["sweep", "sweep.json", "-o", "s", "--cell", "3", "-q"])
      #expect(begun.status == 0, "\(begun.errors)")
      try FileManager.default.createDirectory(
        atPath: sandbox.path("s/hold=1/seed-1"), withIntermediateDirectories: true)
      try sandbox.write("not a run", to: "s/hold=1/seed-1/notes")
      let seen = try await terminal(
        sandbox, "120x24", ["sweep", "sweep.json", "-o", "s", "--jobs", "2", "-q"])
      #expect(seen.status == 73)
      let loud = try await terminal(
        sandbox, "120x24", ["sweep", "sweep.json", "-o", "s", "--jobs", "2"])
      let line = try #require(loud.lines.first)
      #expect(line.hasPrefix("hold=1, seed 1: rso-train: 's/hold=1/seed-1' exists"), "\(line)")
    }

    @Test("the live line of a run leaves nothing behind, also in a terminal that becomes narrower")
    func line() async throws {
      let sandbox = try Sandbox()
      let seen = try await terminal(
        sandbox, "110x24,30x24,20x5",
        sandbox.training("a", cycles: 30).filter { $0 != "--json" })
      #expect(seen.status == 0)
      let live = seen.screens.flatMap(\.lines).filter { $0.firstRange(of: "steps/s") != nil }
      #expect(live.count > 3)
      let text = seen.lines.joined()
      #expect(text.firstRange(of: "steps/s") == nil, "\(text)")
      for cycle in 1...30 {
        #expect(text.matches(of: try Regex("cycle \(cycle)/30 ")).count == 1, "\(cycle): \(text)")
      }
    }

    @Test("with --log-time every line about the progress has the time")
    func times() async throws {
      let sandbox = try sweep()
      let train = try await sandbox.rso(sandbox.training("a", ["--log-time"]))
      let sweep = try await sandbox.rso([
        "sweep", "sweep.json", "-o", "s", "--log-time", "--cell", "1",
      ])
      for outcome in [train, sweep] {
        #expect(outcome.status == 0)
        let lines = outcome.errors.split(separator: "\n")
        #expect(lines.count > 2)
        for line in lines {
          #expect(line.wholeMatch(of: /20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ  \S.*/) != nil, "\(line)")
        }
      }
      // A run in a sweep has one time, that of the sweep.
      #expect(sweep.errors.firstRange(of: "Z  hold=1, seed 1: cycle 1/6  loss ") != nil)
      let resumed = try await sandbox.rso([
        "resume", "a", "--cycles", "3", "--extend", "keep", "--log-time",
      ])
      #expect(resumed.errors.firstRange(of: "Z  continuing small on data") != nil)
    }
  }
}
