import RSOCheckpoints
import RSOSystem
import Testing

@Suite("text of errors") struct CheckpointErrorTests {
  /// A path with a control character, and with a byte that is not UTF-8.
  private static let path = PathText.text(of: Array("a\tb\u{1B}c".utf8) + [0xFC])
  private static let shown = #"a\tb\x1Bc\xFC"#

  static let rows: [CheckpointError] = [
    .cannotOpen(path: path, reason: "no such file or directory"),
    .cannotRead(path: path, reason: "input/output error"),
    .tooLarge(path: path, bytes: 2, limit: 1),
    .notHDF5(path: path),
    .notCheckpoint(path: path),
    .newerVersion(
      path: path, found: FormatVersion(major: 9, minor: 0), supported: CheckpointSchema.version),
    .damagedHeader(path: path),
    .truncated(path: path, expected: 2, found: 1),
    .modified(path: path),
    .malformed(path: "x", object: path, problem: "is missing"),
    .crashed(path: path, reason: "crashed"),
    .noContentsProgram(path: path, reason: "permission denied"),
    .noContentsProcess(path: path, reason: "resource temporarily unavailable"),
    .unsaveable(object: path, problem: "not finite"),
  ]

  @Test("a path is printed without control characters, its bytes escaped", arguments: rows)
  func escaped(error: CheckpointError) {
    let text = "\(error)"
    #expect(text.contains(Self.shown))
    #expect(printable(text) == text)
  }
}
