import RSOCommands
import Testing

@Suite("Values of options")
struct OptionTextTests {
  private func answer<Value>(_ parse: (String) throws -> Value, _ text: String) -> String {
    do { return "\(try parse(text))" } catch { return "\(error)" }
  }

  @Test(
    "a number out of its range is refused with the range",
    arguments: [
      ("1", "1"), ("9", "9"), ("10", "expected a whole number, 1 to 9"),
      ("0", "expected a whole number, 1 to 9"), ("x", "expected a whole number, 1 to 9"),
      ("1.5", "expected a whole number, 1 to 9"), ("", "expected a whole number, 1 to 9"),
    ])
  func whole(text: String, expected: String) {
    #expect(answer(OptionText.whole(1...9), text) == expected)
  }

  @Test("a range without end, numbers with a point, and seeds")
  func others() {
    #expect(
      answer(OptionText.whole(1...Int.max), "0") == "expected a whole number, 1 or more")
    let seconds = OptionText.number("0 to 2", in: 0...2)
    #expect(
      ["2", "0.5", "nan", "2.1"].map { answer(seconds, $0) }
        == ["2.0", "0.5", "expected 0 to 2", "expected 0 to 2"])
    #expect(answer(OptionText.seed, "18446744073709551615") == "18446744073709551615")
    #expect(answer(OptionText.seed, "-1") == "expected a whole number, 0 or more")
  }

  @Test(
    "a time has hours, minutes and seconds, and days if it is long",
    arguments: [
      ("3:50:00", "13800.0"), ("0:01", "1.0"), ("90:00", "5400.0"), ("100:00:00", "360000.0"),
      ("1-12:00:30", "129630.0"), ("0:00", "expected a time above 0"),
    ]
      + [
        "", "90", "1:2", "1:60", "1:60:00", "1-24:00:00", "1-30:00", "-1:00", "1:00:00:00", "a:00",
      ]
      .map { ($0, "expected a time such as 3:50:00, 45:00 or 1-12:00:00") })
  func duration(text: String, expected: String) {
    #expect(answer(OptionText.duration, text) == expected)
  }

  @Test(
    "the parser's messages about values have one form",
    arguments: [
      (
        "The value 'many' is invalid for '--cycles <n>': expected a whole number",
        "invalid cycles 'many': expected a whole number"
      ),
      ("The value 'x' is invalid for '-j <n>'", "invalid j 'x'"),
      ("The value 'x' is invalid for '<path>'", "invalid path 'x'"),
      (
        "The value 'blue' is invalid for '--color <when>'. Please provide one of 'auto' and 'never'.",
        "invalid color 'blue': expected one of 'auto' and 'never'"
      ),
      (
        "The value 'a\u{1B}' is invalid for '--seed <n>': expected a whole number, 0 or more",
        #"invalid seed 'a\x1B': expected a whole number, 0 or more"#
      ),
      ("Missing value for '--cycles <n>'", "Missing value for '--cycles <n>'"),
    ])
  func uniform(message: String, expected: String) {
    #expect(OptionText.uniform(message) == expected)
  }
}
