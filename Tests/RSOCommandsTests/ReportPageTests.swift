import RSOCheckpoints
import RSOCommands
import RSORuns
import RSOSearch
import RSOSystem
import TestSupport
import Testing

@Suite("The page of rso report")
struct ReportPageTests {
  private func run(
    name: String = "runs/small", place: String = "runs/small/last.h5",
    _ change: (inout Checkpoint) -> Void = { _ in }
  ) throws -> ReportedRun {
    var end = try #require(SmallRun.boundaries().last)
    end.provenance.runID = String(repeating: "1", count: 32)
    change(&end)
    let stored = try CheckpointReader.load(try CheckpointWriter.encode(end), path: place)
    return try ReportedRun(
      name: name, found: FoundCheckpoint(path: place, stored: stored), isInProgress: false)
  }

  private func page(_ runs: ReportedRun..., refresh: Int? = nil) -> String {
    ReportPage(ReportContent(runs, date: 0), refresh: refresh).text
  }

  @Test("one run has all sections of one run, a sentence, and every slot filled")
  func oneRun() throws {
    let text = page(try run())
    for id in ["head", "curves", "layers", "inside", "provenance"] {
      #expect(text.contains("<section id=\"\(id)\"") && text.contains("href=\"#\(id)\""), "\(id)")
    }
    #expect(!text.contains("id=\"comparison\""))
    #expect(
      text.contains(
        "The network &#39;small&#39; (2 layers with weights, 33 parameters) was searched on small for "
          + "2 cycles (66 weight updates) in 2 s, without interruption. Best: cycle 2, chosen by its "
          + "training loss, 0.9459."))
    #expect(text.contains("made 1970-01-01 00:00 UTC"))
    #expect(!text.contains("{{") && !text.contains("<!--"))
  }

  @Test("the policy allows this script and nothing that is loaded")
  func policy() throws {
    let text = page(try run())
    let script = try #require(text.firstMatch(of: /<script>([\s\S]*?)<\/script>/)?.1)
    var digest = SHA256()
    digest.update(String(script).utf8)
    #expect(
      text.contains(
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
          + "script-src 'sha256-\(base64(digest.finalize()))'; base-uri 'none'"))
    #expect(
      text.matches(of: /(src|href)="([^"]*)"/).allSatisfy {
        $0.2.hasPrefix("data:") || $0.2.hasPrefix("#")
      })
    #expect(text.matches(of: /<script/).count == 1)
  }

  @Test("only a page of a run in progress loads itself again")
  func refreshing() throws {
    let run = try run()
    #expect(!page(run).contains("http-equiv=\"refresh\""))
    #expect(page(run, refresh: 5).contains("<meta http-equiv=\"refresh\" content=\"5\">"))
  }

  @Test("what a file or a user says is text, wherever it stands")
  func hostile() throws {
    let attack = "<img src=x onerror=alert(1)>\"'&"
    let run = try run(name: attack, place: "\(attack)/last.h5") { end in
      end.plan.data.name = attack
      end.plan.data.outputNames = [attack, "b", "c"]
      end.provenance.host = attack
      end.provenance.differentBits = attack
    }
    for text in [page(run), page(run, try self.run())] {
      #expect(!text.contains("<img src=x"))
      #expect(text.contains("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;"))
    }
  }

  @Test("several runs have a comparison, and a part each")
  func severalRuns() throws {
    let other = try run(name: "other", place: "other/last.h5") { $0.plan.options.hold = 2 }
    let text = page(try run(), other)
    for id in ["head", "curves", "comparison", "runs"] {
      #expect(text.contains("<section id=\"\(id)\""), "\(id)")
    }
    #expect(text.matches(of: /<details id="run-/).count == 2)
    #expect(text.contains("<h1>runs/small, other</h1>"))
    #expect(
      text.contains(
        "2 runs on small; all are finished. The best one by training loss is runs/small"))
  }

  @Test("a run of 500 cycles has a page below 1 MB, with curves that keep their ends")
  func large() throws {
    let run = try run { end in
      let record = end.history[0]
      end.plan.options.cycles = 500
      end.history = (1...500).map { cycle in
        var record = record
        record.cycle = cycle
        let noise = Double(cycle * 7 % 11) / 1000
        record.trainingLoss = 2 / Double(cycle) + noise
        record.test = SetScore(loss: 1 / Double(cycle), accuracy: 1 - 0.5 / Double(cycle))
        return record
      }
      end.state.cursor.cycle = 500
    }
    let text = page(run)
    #expect(text.utf8.count < 1_000_000 && text.utf8.count > 100_000, "\(text.utf8.count)")
    #expect(text.contains("from 2.0070 to 0.0060"))
  }

  @Test("the JSON has the numbers of the tables")
  func json() throws {
    let json = try ReportContent([try run()], date: 0).json()
    for part in [
      #""date":0,"files":[],"not_compared":[],"runs":[{"#,
      #""scores":[{"accuracy":0.75,"chosen":false,"cycle":2,"interval":["#,
      #""pauses":[]"#, #""finished":true"#, #""in_progress":false"#,
      #""input":"1 x 4 x 4","layer":"conv1","operation":"convolution","#,
      #""commands":["rso train --arch architecture.json --data small --cycles=2 --batch-size=6 --seed 7 -o runs/again"]"#,
      #""table":[{"best_cycle":2,"best_value":0.945917125853705,"#,
    ] {
      #expect(json.contains(part), "\(part)\n\(json)")
    }
  }
}
