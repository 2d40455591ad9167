import RSOSearch
import RSOSystem
import Testing

@Suite("text of errors") struct SearchErrorTests {
  /// A path with a control character, and with a byte that is not UTF-8.
  private static let path = PathText.text(of: Array("a\tb\u{1B}c".utf8) + [0xFC])
  private static let shown = #"a\tb\x1Bc\xFC"#

  static let rows: [SearchError] = [
    .invalidOption(name: "order", value: path, expected: "input or output"),
    .unknownOption(path),
    .dataMismatch(what: "input", architecture: path, data: "x"),
    .invalidState(object: path, problem: "is missing"),
    .lossNotFinite(layer: path, cycle: 1),
  ]

  @Test("a path is printed without control characters, its bytes escaped", arguments: rows)
  func escaped(error: SearchError) {
    let text = "\(error)"
    #expect(text.contains(Self.shown))
    #expect(printable(text) == text)
  }
}
