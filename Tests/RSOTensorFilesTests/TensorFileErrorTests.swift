import RSOSystem
import RSOTensorFiles
import Testing

@Suite("text of errors") struct TensorFileErrorTests {
  /// A path with a control character, and with a byte that is not UTF-8.
  private static let path = PathText.text(of: Array("a\tb\u{1B}c".utf8) + [0xFC])
  private static let shown = #"a\tb\x1Bc\xFC"#

  static let rows: [TensorFileError] = [
    TensorFileError(format: "npz", problem: "array '\(path)' is missing")
  ]

  @Test("a path is printed without control characters, its bytes escaped", arguments: rows)
  func escaped(error: TensorFileError) {
    let text = "\(error)"
    #expect(text.contains(Self.shown))
    #expect(printable(text) == text)
  }
}
