import RSOCommands
import RSORuns
import RSOSearch
import TestSupport
import Testing

@Suite("The result of a comparison")
struct ComparisonReportTests {
  private func run(
    _ name: String, seed: UInt64, accuracy: Double, hold: Int = 1, cycle: Int = 2,
    comparison: PairedComparison? = nil
  ) -> ComparedRun {
    var plan = SmallRun.plan { $0.hold = hold }
    plan.seed = seed
    return ComparedRun(
      name: name, plan: plan, cycle: cycle, loss: 1 - accuracy,
      figure: Figure(
        "accuracy", "accuracy", .share, accuracy,
        interval: Interval(lower: accuracy - 0.125, upper: accuracy + 0.125)),
      comparison: comparison)
  }

  private var comparison: PairedComparison {
    PairedComparison(
      difference: -0.25, interval: Interval(lower: -0.5, upper: 0.125),
      test: McNemarTest(onlyFirst: 3, onlySecond: 1))
  }

  @Test("a row for each run, with its difference from the first one")
  func text() {
    let report = ComparisonReport(
      [
        run("a", seed: 1, accuracy: 0.75),
        run("b", seed: 2, accuracy: 0.5, hold: 8, comparison: comparison),
      ], data: "small", split: "test", samples: 1200)
    #expect(
      report.text == """
        1,200 test samples of small

        run  cycles  seed    loss  accuracy       95 % interval  difference        95 % interval  \
        only first right  only this right       p
        a         2     1  0.2500   75.00 %  62.50 % to 87.50 %           -                    -  \
                       -                -       -
        b         2     2  0.5000   50.00 %  37.50 % to 62.50 %    -25.00 %  -50.00 % to 12.50 %  \
                       3                1  0.6250

        difference: from 'a', with its 95 % interval (paired bootstrap); p: McNemar's exact test

        """)
  }

  @Test("runs that differ only in their seeds are shown together")
  func groups() throws {
    let report = ComparisonReport(
      [
        run("a", seed: 1, accuracy: 0.75), run("b", seed: 1, accuracy: 0.5, hold: 8),
        run("c", seed: 3, accuracy: 0.5), run("d", seed: 4, accuracy: 0.25),
      ], data: "small", split: "test", samples: 10)
    #expect(report.groups.map { $0.runs.map(\.name) } == [["a", "c", "d"]])
    #expect(
      report.text.hasSuffix(
        """
        several seeds
        runs     cycles  mean accuracy  deviation   lowest  highest  mean loss  deviation
        a, c, d       2        50.00 %    25.00 %  25.00 %  75.00 %     0.5000     0.2500

        """))
    let json = try JSONText.encode(report.json)
    #expect(
      json.contains(
        #""groups":[{"accuracy":{"max":0.75,"mean":0.5,"min":0.25,"std":0.25},"cycles":[2,2,2],"loss":"#
          + #"{"mean":0.5,"std":0.25},"runs":["a","c","d"],"seeds":[1,3,4]}]"#))
  }

  @Test("so are runs that ended after other cycles, and no run with itself")
  func otherCycles() {
    let runs = [
      run("a", seed: 1, accuracy: 0.75, cycle: 4), run("b", seed: 2, accuracy: 0.5, cycle: 6),
      run("a@6", seed: 1, accuracy: 0.5, cycle: 6), run("c", seed: 3, accuracy: 0.25, cycle: 6),
    ]
    let report = ComparisonReport(Array(runs[...1]), data: "small", split: "test", samples: 10)
    #expect(report.groups.map { $0.runs.map(\.name) } == [["a", "b"]])
    #expect(report.text.contains("a, b  4 to 6 "))
    let states = ComparisonReport([runs[0], runs[2]], data: "small", split: "test", samples: 10)
    #expect(states.groups.isEmpty)
    let both = ComparisonReport(
      [runs[0], runs[2], runs[1], runs[3]], data: "small", split: "test", samples: 10)
    #expect(both.groups.map { $0.runs.map(\.name) } == [["a@6", "b", "c"]])
  }

  @Test("a network that was chosen on the samples is named as such")
  func chosen() {
    var best = run("a@best", seed: 1, accuracy: 0.75)
    best.isChosenOnSamples = true
    let report = ComparisonReport([best], data: "small", split: "test", samples: 10)
    #expect(
      report.text.hasSuffix("chosen on these samples, so the figures are too good: 'a@best'\n"))
  }

  @Test("CSV has a row for each run")
  func csv() {
    let report = ComparisonReport(
      [
        run("a", seed: 1, accuracy: 0.75), run("b", seed: 2, accuracy: 0.5, comparison: comparison),
      ], data: "small", split: "test", samples: 10)
    #expect(
      report.csv == """
        run,cycle,steps,averaged_cycles,seed,chosen_on_samples,loss_function,loss,accuracy,accuracy_lower,\
        accuracy_upper,difference,difference_lower,difference_upper,only_first,only_this,p_value
        a,2,0,,1,false,cross-entropy,0.25,0.75,0.625,0.875,,,,,,
        b,2,0,,2,false,cross-entropy,0.5,0.5,0.375,0.625,-0.25,-0.5,0.125,3,1,0.625

        """)
  }
}
