import RSORuns
import RSOSystem
import Testing

@Suite("text of errors") struct RunErrorTests {
  /// A path with a control character, and with a byte that is not UTF-8.
  private static let path = PathText.text(of: Array("a\tb\u{1B}c".utf8) + [0xFC])
  private static let shown = #"a\tb\x1Bc\xFC"#

  static let rows: [RunError] = [
    .directoryExists(path: path, isRun: true),
    .noRun(path: path),
    .inUse(path: path, holder: nil),
    .noLocks(path: path, code: 37),
    .system(SystemError(operation: .open, path: path, code: 2)),
    .endedUnsaved(path: path, reason: "no space left on device"),
    .undecided(path: "x", reason: path),
    .otherRun(path: "x", of: path),
    .misnamed(path: path, position: RunPosition(cycles: 1, steps: 2)),
    .notSweep(path: path),
  ]

  @Test("a path is printed without control characters, its bytes escaped", arguments: rows)
  func escaped(error: RunError) {
    let text = "\(error)"
    #expect(text.contains(Self.shown))
    #expect(printable(text) == text)
  }
}
