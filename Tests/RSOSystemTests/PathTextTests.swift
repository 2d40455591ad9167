import Glibc
import RSOSystem
import Testing

@Suite("paths as text") struct PathTextTests {
  /// Bytes, and what is printed of them.
  static let rows: [([UInt8], String)] = [
    (Array("plain/x.h5".utf8), "plain/x.h5"),
    ([], ""),
    (Array("é€😀".utf8), "é€😀"),
    ([0x66, 0xFC, 0x72], #"f\xFCr"#),
    ([0xC3], #"\xC3"#),
    ([0xE2, 0x82], #"\xE2\x82"#),
    ([0xE2, 0x82, 0x61], #"\xE2\x82a"#),
    // An overlong slash, a surrogate and a value above U+10FFFF are not UTF-8.
    ([0xC0, 0xAF], #"\xC0\xAF"#),
    ([0xED, 0xA0, 0x80], #"\xED\xA0\x80"#),
    ([0xF4, 0x90, 0x80, 0x80], #"\xF4\x90\x80\x80"#),
    // U+F7FC itself, which stands for another byte.
    ([0xEF, 0x9F, 0xBC], #"\xEF\x9F\xBC"#),
    ([0x0A, 0x1B, 0x7F], #"\n\x1B\x7F"#),
    // U+0085 and the right-to-left override.
    ([0xC2, 0x85, 0xE2, 0x80, 0xAE], #"\u{85}\u{202E}"#),
  ]

  @Test("every path comes back byte for byte, and is printed without control characters")
  func roundTrip() {
    for (bytes, shown) in Self.rows {
      let text = PathText.text(of: bytes)
      #expect(PathText.bytes(of: text) == bytes, "\(shown)")
      #expect(printable(text) == shown)
    }
  }

  @Test("every pair of bytes comes back, and no two have the same text")
  func pairs() {
    var texts: Set<[UInt8]> = []
    for value in 0..<0x10000 {
      let bytes = [UInt8(value >> 8), UInt8(value & 0xFF)]
      let text = PathText.text(of: bytes)
      if PathText.bytes(of: text) != bytes { Issue.record("\(bytes)") }
      texts.insert(Array(text.utf8))
    }
    #expect(texts.count == 0x10000)
  }

  @Test("a path with a NUL names no file") func embeddedNUL() {
    #expect(withPath("/tmp\0/x") { strlen($0) } == 0)
    #expect(!FileSystem.exists("/\0tmp"))
  }

  @Test("a long text is cut at its limit") func limit() {
    #expect(printable("abcdef", limit: 3) == "abc...")
    #expect(printable("abc", limit: 3) == "abc")
    #expect(quoted("a\u{1B}[2J") == #"'a\x1B[2J'"#)
  }
}
