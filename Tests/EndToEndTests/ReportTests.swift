import Foundation
import TestSupport
import Testing

extension EndToEndOnFiles {
  @Suite("Reports, from the command line")
  struct ReportTests {
    private func trained() async throws -> Sandbox {
      let sandbox = try Sandbox()
      for (run, cycles) in [("a", 3), ("b", 2)] {
        _ = try TrainingAnswer(try await sandbox.rso(sandbox.training(run, cycles: cycles)))
      }
      return sandbox
    }

    private func page(_ sandbox: Sandbox, _ name: String = "report.html") throws -> String {
      String(decoding: try sandbox.data(name), as: UTF8.self)
    }

    private func json(_ outcome: Outcome) throws -> [String: Any] {
      try #require(outcome.status == 0, "\(outcome.errors)")
      return try #require(
        try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }

    private func sections(_ page: String) -> [String] {
      page.matches(of: /<section id="([a-z0-9-]+)"/).map { String($0.1) }
    }

    @Test("a run has all sections, with what its network answers on the data that are found again")
    func run() async throws {
      let sandbox = try await trained()
      let outcome = try await sandbox.rso(["report", "a", "-o", "report.html"])
      #expect(outcome.status == 0 && outcome.output == "")
      #expect(outcome.errors == "evaluating 'a' on data\n", "\(outcome.errors)")
      let page = try page(sandbox)
      #expect(sections(page) == ["head", "curves", "layers", "inside", "provenance"])
      for part in [
        "Answers on the test set", "data-confusion=\"runs.0.evaluations.0.confusion\"",
        "Test accuracy over cycles", "Loss over weight updates", "of training</text>",
        "src=\"data:image/png;base64,", "Weights after cycles 0 to 3.",
        "aria-label=\"Weights of each layer over cycles: conv1 at first ",
      ] {
        #expect(page.contains(part), "\(part)")
      }
    }

    @Test("JSON has the same figures as eval, history and inspect")
    func numbers() async throws {
      let sandbox = try await trained()
      let report = try json(try await sandbox.rso(["report", "a", "--json", "-q"]))
      let run = try #require((report["runs"] as? [[String: Any]])?.first)
      let evaluation = try #require((run["evaluations"] as? [[String: Any]])?.first)
      let judged = try json(try await sandbox.rso(["eval", "a", "--json", "-q"]))
      #expect(evaluation["confusion"] as? [[Int]] == judged["confusion"] as? [[Int]])
      #expect(evaluation["loss"] as? Double == judged["loss"] as? Double)
      let figures = try #require(evaluation["figures"] as? [[String: Any]])
      #expect(figures[0]["key"] as? String == "accuracy")
      #expect(figures[0]["value"] as? Double == judged["accuracy"] as? Double)
      let bins = try #require(evaluation["calibration"] as? [[String: Any]])
      #expect(bins.count == 15)
      let samples = bins.compactMap { $0["samples"] as? Int }.reduce(0, +)
      #expect(samples == judged["samples"] as? Int)
      let checkpoint = try #require(run["checkpoint"] as? NSDictionary)
      let inspected = try json(try await sandbox.rso(["inspect", "a", "--json", "--history"]))
      for key in ["layers", "history", "state_sha256", "options", "provenance", "marks"] {
        let (mine, theirs) = (checkpoint[key] as? NSObject, inspected[key] as? NSObject)
        #expect(mine != nil && mine == theirs, "\(key)")
      }
    }

    @Test("the command of a report makes the run again, bit for bit")
    func again() async throws {
      let sandbox = try Sandbox()
      let first = try TrainingAnswer(
        try await sandbox.rso(
          sandbox.training(
            "a", cycles: 1,
            ["--validation", "0.1", "--hold", "4", "--deviation-scale", "1.5", "--order", "input"]))
      )
      let report = try json(try await sandbox.rso(["report", "a", "--json", "-q"]))
      let run = try #require((report["runs"] as? [[String: Any]])?.first)
      let commands = try #require(run["commands"] as? [String])
      #expect(commands.count == 1)
      // The network of the page, under the name that the command has for it.
      try sandbox.write(Sandbox.convolutional, to: "architecture.json")
      let path = Programs.directory.path + ":/usr/bin:/bin"
      let again = try await Programs.run(
        "/bin/sh", ["-c", commands[0] + " --json -q"], in: sandbox.url,
        environment: ["PATH": path])
      #expect(try TrainingAnswer(again).stateSha256 == first.stateSha256)
    }

    @Test("a checkpoint and a state of a run have a report like a run")
    func checkpoints() async throws {
      let sandbox = try await trained()
      for path in ["a/ckpt-000001.h5", "a@2", "b@best"] {
        let outcome = try await sandbox.rso(["report", path, "-o", "report.html", "--force", "-q"])
        #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
        #expect(try sections(page(sandbox)).contains("inside"))
      }
      let start = try await sandbox.rso(["report", "a@0", "-o", "start.html", "-q"])
      #expect(start.status == 0, "\(start.errors)")
      #expect(try page(sandbox, "start.html").contains("No cycle is finished."))
    }

    @Test("runs are compared with the best one on the same samples")
    func runs() async throws {
      let sandbox = try await trained()
      let extended = try await sandbox.rso(
        ["resume", "a", "--cycles", "4", "--extend", "keep", "-q"])
      #expect(extended.status == 0, "\(extended.errors)")
      let outcome = try await sandbox.rso(["report", "b", "a", "-o", "report.html", "--json", "-q"])
      let report = try json(outcome)
      let comparison = try #require(report["comparison"] as? [String: Any])
      let rows = try #require(comparison["runs"] as? [[String: Any]])
      // The run with more cycles has the lower training loss.
      #expect(rows.map { $0["run"] as? String } == ["a", "b"])
      #expect(rows[0]["difference"] == nil && rows[1]["p_value"] is Double)
      let page = try page(sandbox)
      #expect(sections(page) == ["head", "curves", "comparison", "runs"])
      #expect(page.contains("data-json=\"comparison.runs\""))
      // The run that was extended was resumed, in whatever place the page has it.
      #expect(page.contains("data-json=\"runs.1.pauses\"") && !page.contains("runs.0.pauses"))
    }

    @Test("no run is the best one of runs on different data, or of different losses")
    func differentData() async throws {
      let sandbox = try await trained()
      let rows = (0..<40).map { "\($0),\($0 % 2)" }
      try sandbox.write("a,label\n" + rows.joined(separator: "\n") + "\n", to: "t.csv")
      for (name, options) in [
        ("c", []), ("d", ["--label-smoothing", "0.2"]), ("e", ["--seed", "7"]),
      ] {
        let other = try await sandbox.rso(
          ["train", "--data", "t.csv", "--arch", "auto", "--cycles", "1", "-o", name, "-q"]
            + options)
        #expect(other.status == 0, "\(other.errors)")
      }
      for (runs, hasBest) in [
        (["a", "b"], true), (["a", "c"], false), (["c", "d"], false), (["c", "e"], true),
      ] {
        let outcome = try await sandbox.rso(
          ["report"] + runs + ["-o", "best.html", "--force", "-q"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try page(sandbox, "best.html").contains("The best one by ") == hasBest)
      }
    }

    @Test("a sweep has its cells, the effect of each option, and bands over seeds")
    func sweep() async throws {
      let sandbox = try Sandbox()
      try sandbox.write(
        """
        {"name": "holds", "options": {"arch": "small.json", "data": "data", "batch-size": 30,
         "cycles": 2, "validation": "0.1"}, "grid": {"hold": [1, 4]}, "seeds": [1, 2]}
        """, to: "sweep.json")
      let sweep = try await sandbox.rso(["sweep", "sweep.json", "-o", "s", "-q"])
      #expect(sweep.status == 0, "\(sweep.errors)")
      let report = try json(
        try await sandbox.rso(["report", "s", "-o", "report.html", "--json", "-q"]))
      let cells = try #require(report["cells"] as? [[String: Any]])
      let means = cells.compactMap {
        ($0["validation_accuracy"] as? [String: Any])?["mean"] as? Double
      }
      #expect(means.count == 2 && means[0] >= means[1])
      let effects = try #require(report["effects"] as? [[String: Any]])
      #expect(effects.map { $0["value"] as? String } == ["1", "4"])
      #expect(effects.allSatisfy { $0["runs"] as? Int == 2 })
      let page = try page(sandbox)
      #expect(page.contains("<polygon class=\"band c1\"") && page.contains("<h1>holds</h1>"))
      #expect(page.contains("The names of the curves are the values of hold."))
      #expect((report["runs"] as? [Any])?.count == 4)
    }

    @Test("a file of another program has its tensors, filters and problems")
    func tensors() async throws {
      let sandbox = try await trained()
      let export = try await sandbox.rso(["export", "a", "-o", "a.safetensors"])
      #expect(export.status == 0)
      let report = try json(
        try await sandbox.rso(["report", "a.safetensors", "-o", "report.html", "--json"]))
      let file = try #require((report["files"] as? [[String: Any]])?.first)
      #expect((file["filters"] as? [String: Any])?["shape"] as? [Int] == [6, 1, 3, 3])
      #expect((file["tensors"] as? [Any])?.isEmpty == false)
      let page = try page(sandbox)
      #expect(sections(page) == ["file-1"] && page.contains("data-json=\"files.0.tensors\""))
    }

    @Test("a file's weights that have no distribution are named, with the reason")
    func leftOut() async throws {
      let sandbox = try Sandbox()
      let large = 1 << 22 + 2
      var end = 0
      func tensor(_ name: String, _ columns: Int) -> String {
        let start = end
        end += 8 * columns
        return
          #""\#(name)":{"dtype":"F32","shape":[2,\#(columns)],"data_offsets":[\#(start),\#(end)]}"#
      }
      let tensors = [tensor("large", large / 2)] + (10..<36).map { tensor("w\($0)", 1) }
      let header = Data("{\(tensors.joined(separator: ","))}".utf8)
      var file = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) }
      file += header + Data(count: end)
      try file.write(to: sandbox.url.appendingPathComponent("many.safetensors"))
      let report = try json(
        try await sandbox.rso(["report", "many.safetensors", "-o", "report.html", "--json"]))
      let found = try #require((report["files"] as? [[String: Any]])?.first)
      #expect((found["weights"] as? [Any])?.count == 24)
      let leftOut = try #require(found["weights_left_out"] as? [[String: String]])
      #expect(leftOut.map { $0["tensor"] } == ["large", "w34", "w35"])
      #expect(leftOut.map { $0["reason"] } == ["too large", "too many", "too many"])
      let page = try page(sandbox)
      #expect(page.contains("Not shown: 1 tensor of more than 4,194,304 elements: large."))
      #expect(page.contains("Not shown: 2 tensors after the first 24: w34, w35."))
    }

    @Test(
      "numbers are shown beside their predictions, and several labels have figures of their own")
    func tasks() async throws {
      let sandbox = try Sandbox()
      let rows = (0..<80).map { "\($0 % 9),\($0 % 7),\(2 * ($0 % 9) - $0 % 7).5" }
      try sandbox.write((["a,b,sum"] + rows).joined(separator: "\n"), to: "sums.csv")
      let labels = Fixtures.url("datasets/chestmnist.npz").path
      for (run, data, part) in [
        ("sums", "sums.csv", "Predicted and correct"), ("labels", labels, "most wrong labels"),
      ] {
        let trained = try await sandbox.rso(
          [
            "train", "--data", data, "--arch", "auto", "--cycles", "1", "--seed", "1", "-o", run,
            "-q",
          ]
            + (run == "sums" ? ["--validation", "0.2"] : []))
        #expect(trained.status == 0, "\(trained.errors)")
        let outcome = try await sandbox.rso(["report", run, "-o", "\(run).html", "-q"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try page(sandbox, "\(run).html").contains(part))
      }
    }

    @Test("without its data, a report says where they were looked for; --data must be the run's")
    func noData() async throws {
      let sandbox = try await trained()
      try FileManager.default.moveItem(atPath: sandbox.path("data"), toPath: sandbox.path("gone"))
      let outcome = try await sandbox.rso(["report", "a", "-o", "report.html"])
      #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
      let page = try page(sandbox)
      #expect(page.contains("Not evaluated: ") && !page.contains("Answers on the test set"))
      let moved = try await sandbox.rso(
        ["report", "a", "--data", "gone", "-o", "report.html", "--force"])
      #expect(moved.status == 0 && moved.errors.contains("evaluating 'a'"), "\(moved.errors)")
      try TinyData.write(to: sandbox.url.appendingPathComponent("other"), seed: 2)
      let other = try await sandbox.rso(["report", "a", "--data", "other", "-o", "no.html"])
      #expect(other.status == 65 && !sandbox.exists("no.html"), "\(other.errors)")
    }

    @Test("no file is replaced unasked, and the page may go to standard output")
    func output() async throws {
      let sandbox = try await trained()
      #expect(try await sandbox.rso(["report", "a", "-o", "report.html", "-q"]).status == 0)
      let again = try await sandbox.rso(["report", "a", "-o", "report.html", "-q"])
      #expect(again.status == 73 && again.errors.contains("report.html"))
      let answer = try await sandbox.rso(["report", "a", "-o", "-", "-q"])
      #expect(answer.status == 0 && answer.output.hasPrefix("<!DOCTYPE html>\n"))
      #expect(answer.output.hasSuffix("</html>\n"))
    }

    @Test("a run in progress is followed to its end, and then the page no longer loads itself")
    func follow() async throws {
      let sandbox = try Sandbox()
      let training = try sandbox.start(
        sandbox.training("live", cycles: 200).filter { $0 != "--json" } + ["-q"])
      #expect(try await training.runs { sandbox.exists("live/ckpt-000002.h5") })
      let report = try sandbox.start(["report", "live", "-o", "live.html", "--follow", "-q"])
      let refresh = "http-equiv=\"refresh\""
      #expect(
        try await report.runs {
          (try? page(sandbox, "live.html"))?.contains(refresh) ?? false
        })
      let first = try page(sandbox, "live.html")
      // Another cycle makes another page.
      #expect(try await report.runs { (try? page(sandbox, "live.html")) != first })
      training.send(SIGINT)
      _ = try await training.end()
      let outcome = try await report.end()
      #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
      #expect(try !page(sandbox, "live.html").contains(refresh))
    }

    @Test("a signal ends a report that follows a run, and leaves a page that does not load itself")
    func interrupted() async throws {
      let sandbox = try Sandbox()
      let training = try sandbox.start(
        sandbox.training("live", cycles: 200).filter { $0 != "--json" } + ["-q"])
      #expect(try await training.runs { sandbox.exists("live/last.h5") })
      let report = try sandbox.start(["report", "live", "-o", "live.html", "--follow", "-q"])
      #expect(try await report.runs { sandbox.exists("live.html") })
      report.send(SIGINT)
      let outcome = try await report.end()
      #expect(outcome.status == 130, "\(outcome.errors)")
      #expect(try !page(sandbox, "live.html").contains("http-equiv=\"refresh\""))
      training.send(SIGINT)
      _ = try await training.end()
    }
  }
}
