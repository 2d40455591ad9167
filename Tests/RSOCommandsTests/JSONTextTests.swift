import RSOCommands
import RSOSystem
import Testing

@Suite("JSON output") struct JSONTextTests {
  static let rows: [(bytes: [UInt8], json: String)] = [
    (Array("plain/\u{FC}".utf8), #"{"path":"plain/ü"}"#),
    (Array("a\tb\u{1B}".utf8), #"{"path":"a\tb\u001b"}"#),
    (Array("f".utf8) + [0xFC] + Array("r".utf8), #"{"path":"f\\xFCr"}"#),
    ([0x80, 0xFF], #"{"path":"\\x80\\xFF"}"#),
    // A real character of the private-use range: its bytes.
    (Array("\u{F7FC}".utf8), #"{"path":"\\xEF\\x9F\\xBC"}"#),
  ]

  @Test("a byte of a path that is not UTF-8 is written as its escape", arguments: rows)
  func paths(row: (bytes: [UInt8], json: String)) throws {
    #expect(try JSONText.encode(["path": PathText.text(of: row.bytes)]) == row.json + "\n")
  }
}
