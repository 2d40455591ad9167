import Foundation
import Testing

extension EndToEndOnFiles {
  @Suite("Histories, from the command line")
  struct HistoryTests {
    private func trained() async throws -> Sandbox {
      let sandbox = try Sandbox()
      for (run, cycles) in [("a", 3), ("b", 2)] {
        _ = try TrainingAnswer(try await sandbox.rso(sandbox.training(run, cycles: cycles)))
      }
      return sandbox
    }

    @Test("has a row for each cycle: table, CSV and JSON")
    func tables() async throws {
      let sandbox = try await trained()
      let table = try await sandbox.rso(["history", "a"])
      #expect(table.status == 0 && table.errors == "")
      #expect(table.output.split(separator: "\n").count == 4)
      #expect(table.output.hasPrefix("cycle    loss  test loss  test accuracy"))
      let both = try await sandbox.rso(["history", "a", "b@1"])
      let lines = both.output.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count == 4 && lines[0].hasPrefix("run  seed  cycles    loss  test loss"))
      #expect(
        lines[1].hasPrefix("a       7  3 of 3  ") && lines[2].hasPrefix("b@1     7  1 of 2  "))
      let every = try await sandbox.rso(["history", "a", "b@1", "--cycles"])
      #expect(every.output.hasPrefix(both.output + "\na\ncycle"), "\(every.output)")
      #expect(every.output.contains("\n\nb@1\ncycle"))
      let csv = try await sandbox.rso(["history", "a", "b", "--csv"])
      let rows = csv.output.split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false)
      }
      #expect(rows.count == 6 && rows.allSatisfy { $0.count == rows[0].count })
      #expect(rows[3].prefix(3) == ["a", "3", "1386"] && rows[4].prefix(3) == ["b", "1", "462"])
      let metrics = String(decoding: try sandbox.data("a/metrics.csv"), as: UTF8.self)
        .split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      // All losses and accuracies, and the number of evaluations.
      #expect(rows[1][3..<9].elementsEqual(metrics[1][1..<7]))
      let json = try await sandbox.rso(["history", "a", "--json"])
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      let runs = try #require(object["runs"] as? [[String: Any]])
      let cycles = try #require(runs[0]["cycles"] as? [[String: Any]])
      #expect(cycles.map { $0["updates"] as? Int } == [462, 924, 1386])
      #expect((cycles[0]["deviations"] as? [Double])?.count == 3)
    }

    @Test("draws curves as SVG and as PNG, and replaces no file unasked")
    func plots() async throws {
      let sandbox = try await trained()
      let svg = try await sandbox.rso(["history", "a", "b", "--plot", "a.svg"])
      #expect(svg.status == 0 && svg.output == "" && svg.errors == "")
      let text = String(decoding: try sandbox.data("a.svg"), as: UTF8.self)
      #expect(text.hasPrefix("<svg ") && text.hasSuffix("</svg>\n"))
      for part in [
        "Test accuracy over cycles", "Test accuracy over weight updates", "Loss over cycles",
        "Loss over weight updates", "Deviation of proposals of b", "Accepted proposals of a",
        "conv2",
      ] {
        #expect(text.contains(part), "\(part)")
      }
      #expect(try await sandbox.rso(["history", "a", "--plot", "a.svg"]).status == 73)
      #expect(try await sandbox.rso(["history", "a", "--plot", "a.svg", "--force"]).status == 0)
      let png = try await sandbox.rso(["history", "a", "--plot", "a.png"])
      #expect(png.status == 0, "\(png.errors)")
      #expect(try sandbox.data("a.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
    }

    @Test("without rsvg-convert a PNG is refused, with what is missing, and nothing is left")
    func withoutConverter() async throws {
      let sandbox = try await trained()
      try FileManager.default.createDirectory(
        atPath: sandbox.path("bin"), withIntermediateDirectories: true)
      let outcome = try await sandbox.rso(
        ["history", "a", "--plot", "a.png"], environment: ["PATH": sandbox.path("bin")])
      #expect(outcome.status == 73)
      #expect(outcome.errors.contains("rsvg-convert"))
      #expect(!sandbox.exists("a.png"))
    }

    @Test("a run without a finished cycle has a table and a picture, too")
    func empty() async throws {
      let sandbox = try await trained()
      let table = try await sandbox.rso(["history", "a@0"])
      #expect(table.status == 0 && table.output == "no cycle is finished\n")
      #expect(try await sandbox.rso(["history", "a@0", "--plot", "0.svg"]).status == 0)
      let text = String(decoding: try sandbox.data("0.svg"), as: UTF8.self)
      #expect(text.contains("no finished cycle"))
    }
  }
}
