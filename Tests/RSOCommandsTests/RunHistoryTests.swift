import RSOCommands
import RSOSearch
import TestSupport
import Testing

@Suite("Histories of runs")
struct RunHistoryTests {
  private func history() throws -> RunHistory {
    try RunHistory(name: "run", try #require(SmallRun.boundaries().last))
  }

  @Test("a table has a row for each cycle; on a terminal, bars show the course")
  func text() throws {
    let history = try history()
    let text = history.text(.plain, barWidth: 80)
    #expect(
      text == """
        cycle    loss  test loss  test accuracy  evaluations  time  changed
            1  1.0372     1.0000        50.00 %           99   1 s  78.79 %
            2  0.9459     1.0000        75.00 %           99   1 s  87.88 %

                          first          last
        loss             1.0372  █▁    0.9459
        test loss        1.0000  ▄▄    1.0000
        test accuracy   50.00 %  ▁█   75.00 %
        changed conv1   70.83 %  ▁█   83.33 %
        changed fc     100.00 %  ▄▄  100.00 %
        """)
    #expect(text.hasPrefix(history.text(.plain, barWidth: nil) + "\n\n"))
  }

  @Test("CSV has the same rows with all figures; several runs stand one after the other")
  func csv() throws {
    let history = try history()
    #expect(
      history.csv == """
        run,cycle,updates,training_loss,validation_loss,validation_accuracy,test_loss,\
        test_accuracy,evaluations,seconds,kept,plus,minus,changed
        run,1,33,1.0372328862285218,,,1.0,0.5,99,1.0,7,14,12,0.7878787878787878
        run,2,66,0.945917125853705,,,1.0,0.75,99,1.0,4,15,14,0.8787878787878788

        """)
    let rows = history.csv.split(separator: "\n").dropFirst()
    #expect(
      RunHistory.csv([history, history]).split(separator: "\n").dropFirst().elementsEqual(
        rows + rows))
  }

  @Test("JSON has the same rows under the same keys, and figures of each layer")
  func json() throws {
    let json = try JSONText.encode(try history().json)
    for part in [
      #"{"cycles":[{"changed":0.7878787878787878,"choices":[{"kept":7,"#,
      #""deviations":[0.39936863592090005,0.7574741627411753],"evaluations":99,"#,
      #""layers":["conv1","fc"],"loss_function":"cross-entropy","network":"small","run":"run","#,
      #""updates":66"#,
    ] {
      #expect(json.contains(part), "\(part)\n\(json)")
    }
  }

  @Test("a run without a finished cycle says so")
  func empty() throws {
    let start = try RunHistory(name: "run", SmallRun.checkpoint())
    #expect(start.text(.plain, barWidth: 80) == "no cycle is finished")
    #expect(start.csv.split(separator: "\n").count == 1)
  }

  @Test("several runs have a row each: their last cycle, and the one that validation chooses")
  func rows() throws {
    var validated = try #require(SmallRun.boundaries().last)
    for (index, accuracy) in [0.75, 0.5].enumerated() {
      validated.history[index].validation = SetScore(loss: 1, accuracy: accuracy)
    }
    validated.plan.data.validationCount = 8
    let report = RunHistory.runs([try history(), try RunHistory(name: "b", validated)])
    #expect(
      report.table().description == """
        run  seed  cycles    loss  validation loss  validation accuracy  best                test loss  test accuracy  updates  time
        run     7  2 of 2  0.9459                -                    -                         1.0000        75.00 %       66   2 s
        b       7  2 of 2  0.9459           1.0000              50.00 %  75.00 % in cycle 1     1.0000        75.00 %       66   2 s
        """)
    // Without a validation set, no cycle is called the best.
    #expect(
      RunHistory.runs([try history(), try history()]).table().lines[0].firstRange(of: "best") == nil
    )
  }
}
