import RSOCommands
import Testing

@Suite("Figures and bars")
struct InspectionRenderingTests {
  @Test(
    "values keep four places while they say something",
    arguments: [
      (nil, "-"), (0, "0"), (0.03125, "0.0312"), (-12.5, "-12.5000"), (3.14e-5, "3.1e-05"),
      (1_234_567, "1.2e+06"), (.nan, "nan"), (-.infinity, "-inf"),
    ] as [(Double?, String)])
  func value(number: Double?, text: String) {
    #expect(Numbers.value(number) == text)
  }

  @Test(
    "the ends of a range differ as texts if they differ as numbers",
    arguments: [
      (999_773.875...1_001_007.75, "999773.9", "1001007.75"), (0...1.5, "0", "1.5000"),
      (1e6...1e6, "1.0e+06", "1.0e+06"), (-1.25...1e6, "-1.2500", "1.0e+06"),
      (0.25...0.25001, "0.25", "0.25001"),
    ] as [(ClosedRange<Float>, String, String)])
  func ends(range: ClosedRange<Float>, lower: String, upper: String) {
    let ends = Numbers.ends(range)
    #expect(ends.0 == lower && ends.1 == upper)
  }

  @Test(
    "dates are those of the calendar",
    arguments: [
      (0, "1970-01-01 00:00 UTC"), (951_782_399, "2000-02-28 23:59 UTC"),
      (951_782_400, "2000-02-29 00:00 UTC"), (1_764_500_880, "2025-11-30 11:08 UTC"),
      (-1, "1969-12-31 23:59 UTC"), (.nan, "-"), (1e300, "-"),
    ] as [(Double, String)])
  func date(seconds: Double, text: String) {
    #expect(Numbers.date(seconds) == text)
  }

  @Test("a sparkline goes from the least to the largest")
  func sparkline() {
    #expect(Sparkline.text([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█")
    #expect(Sparkline.text([5, 5]) == "▄▄" && Sparkline.text([0, 5e-324]) == "▄▄")
    #expect(Sparkline.text([1, .nan, 0]) == "█ ▁")
    #expect(Sparkline.text([]) == "")
    #expect(
      Sparkline.text(Array(repeating: 0, count: 50) + Array(repeating: 1, count: 50), width: 4)
        == "▁▁██")
  }

  @Test(
    "colours are for terminals, and for those who ask",
    arguments: [
      (.auto, true, [:], true), (.auto, false, [:], false), (.auto, true, ["NO_COLOR": "1"], false),
      (.auto, true, ["NO_COLOR": ""], true), (.auto, true, ["TERM": "dumb"], false),
      (.always, false, ["NO_COLOR": "1"], true), (.never, true, [:], false),
    ] as [(ColorChoice, Bool, [String: String], Bool)])
  func colors(
    choice: ColorChoice, isTerminal: Bool, environment: [String: String], isColored: Bool
  ) {
    let palette = Palette(choice, isTerminal: isTerminal, environment: environment)
    #expect(palette.isColored == isColored)
    #expect(palette.warning("x") == (isColored ? "\u{1B}[31mx\u{1B}[0m" : "x"))
  }
}
