import RSOSystem
import Testing

@Suite("text of errors") struct ErrorTextTests {
  /// A path with a control character, and with a byte that is not UTF-8.
  private static let path = PathText.text(of: Array("a\tb\u{1B}c".utf8) + [0xFC])
  private static let shown = #"a\tb\x1Bc\xFC"#

  static let rows: [any Error] = [
    SystemError(operation: .open, path: path, code: 2),
    FileReadError.cannotOpen(path: path, reason: "is a directory"),
    FileReadError.damaged(path: path, reason: "ends early"),
    FileReadError.tooLarge(path: path, bytes: 2, limit: 1),
    DurableFileError.cannotSave(path: path, operation: "write", code: 28),
    DurableFileError.readBackDiffers(path: path),
    DurableFileError.cannotSweep(directory: path, code: 13),
  ]

  @Test("a path is printed without control characters, its bytes escaped", arguments: rows)
  func escaped(error: any Error) {
    let text = "\(error)"
    #expect(text.contains(Self.shown))
    #expect(printable(text) == text)
  }
}
