import RSOCommands
import TestSupport
import Testing

@Suite("Results of sweeps")
struct SweepResultsTests {
  /// A cell with a finished run and one that has not begun.
  private func results() throws -> SweepResults {
    let end = try #require(SmallRun.boundaries().last)
    let cell = SweepDefinition.Cell(
      name: "a,b", options: ["hold": .text("2"), "quick": .flag(true)])
    return try SweepResults(
      SweepDefinition(name: "s", about: nil, cells: [cell], seeds: [7, 8]),
      runs: [
        SweepRun(cell: cell, seed: 7, path: "s/a/seed-7", plan: SmallRun.plan(), checkpoint: end),
        SweepRun(cell: cell, seed: 8, path: "s/a/seed-8", plan: SmallRun.plan()),
      ], isScaled: false, directory: "s")
  }

  @Test("text has a row for each run, and one for each cell with several runs")
  func text() throws {
    #expect(
      try results().text == """
        cell  seed  finished  cycles  test accuracy  test loss  best cycle  time  updates  \
        evaluations
        a,b      7       yes       2        75.00 %     1.0000           2   2 s       66          \
        198
        a,b      8        no       0              -          -           -   0 s        0            \
        0

        cell  finished  test accuracy: mean      min      max  test loss: mean  time: mean
        a,b     1 of 2              75.00 %  75.00 %  75.00 %           1.0000         2 s

        """)
  }

  @Test("results.csv has a row for each run, its options last")
  func runs() throws {
    #expect(
      try results().resultsCSV == """
        cell,seed,finished,cycles,validation_accuracy,validation_loss,test_accuracy,test_loss,\
        best_cycle,best_by,seconds,updates,evaluations,state_sha256,run,--hold,--quick
        "a,b",7,true,2,,,0.75,1.0,2,training loss,2.0,66,198,\
        5d9d9f79ce2cf04553cc9c8a2e3005b6848d7373c00e5039ee453e35bbb52b84,s/a/seed-7,2,true
        "a,b",8,false,0,,,,,,,0.0,0,0,,s/a/seed-8,2,true

        """)
  }

  @Test("summary.csv has a row for each cell, its options last")
  func cells() throws {
    #expect(
      try results().summaryCSV == """
        cell,runs,finished,validation_accuracy_mean,validation_accuracy_std,\
        validation_accuracy_min,validation_accuracy_max,validation_loss_mean,\
        validation_loss_std,validation_loss_min,validation_loss_max,test_accuracy_mean,\
        test_accuracy_std,test_accuracy_min,test_accuracy_max,test_loss_mean,test_loss_std,\
        test_loss_min,test_loss_max,seconds_mean,seconds_std,seconds_min,seconds_max,updates_mean,\
        updates_std,updates_min,updates_max,evaluations_mean,evaluations_std,evaluations_min,\
        evaluations_max,--hold,--quick
        "a,b",2,1,,,,,,,,,0.75,,0.75,0.75,1.0,,1.0,1.0,2.0,,2.0,2.0,66.0,,66.0,66.0,198.0,\
        ,198.0,198.0,2,true

        """)
  }

  @Test("JSON has the same rows under the same keys")
  func json() throws {
    #expect(
      try JSONText.encode(try results().json) == """
        {"cells":[{"cell":"a,b",\
        "evaluations":{"max":198,"mean":198,"min":198},"finished":1,"options":{"hold":"2",\
        "quick":true},"runs":[{"best_by":"training loss","best_cycle":2,"cell":"a,b","cycles":2,\
        "evaluations":198,"finished":true,"run":"s/a/seed-7","seconds":2,"seed":7,\
        "state_sha256":"5d9d9f79ce2cf04553cc9c8a2e3005b6848d7373c00e5039ee453e35bbb52b84",\
        "test_accuracy":0.75,"test_loss":1,"updates":66},{"cell":"a,b","cycles":0,"evaluations":0,\
        "finished":false,"run":"s/a/seed-8","seconds":0,"seed":8,"updates":0}],"seconds":{"max":2,\
        "mean":2,"min":2},"test_accuracy":{"max":0.75,"mean":0.75,"min":0.75},\
        "test_loss":{"max":1,"mean":1,"min":1},"updates":{"max":66,"mean":66,"min":66}}],\
        "directory":"s","scaled":false,"sweep":"s"}

        """)
  }
}
