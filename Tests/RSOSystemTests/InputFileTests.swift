import Glibc
import RSOSystem
import Testing

@Suite("bounded reading") struct InputFileTests {
  /// Calls `body` with the path of a file that holds `bytes`.
  private func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
    let path = "/tmp/rso-input-\(UInt64.random(in: .min ... .max))"
    try DurableFile.write(bytes, to: path)
    defer { unlink(path) }
    try body(path)
  }

  @Test("a file is read up to its bound, and refused above it") func bound() throws {
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    try withFile(bytes) { path throws in
      #expect(try InputFile.contents(of: path, maximumBytes: bytes.count) == bytes)
      #expect(throws: FileReadError.tooLarge(path: path, bytes: 100_000, limit: 99_999)) {
        try InputFile.contents(of: path, maximumBytes: 99_999)
      }
    }
    try withFile([]) { path throws in
      #expect(try InputFile.contents(of: path, maximumBytes: 0) == [])
    }
  }

  @Test("bytes are looked at without moving on") func holds() throws {
    try withFile(Array("0123456789".utf8)) { path throws in
      let file = try InputFile(path)
      let found = [("345", 3), ("345", 4), ("9a", 9)].map {
        file.holds(Array($0.0.utf8), at: $0.1)
      }
      #expect(found == [true, false, false])
      let bytes = try file.contents(maximumBytes: 10)
      #expect(bytes == Array("0123456789".utf8))
    }
  }

  @Test("what is not a regular file is refused without waiting") func kinds() throws {
    let pipe = "/tmp/rso-pipe-\(UInt64.random(in: .min ... .max))"
    #expect(mkfifo(pipe, 0o600) == 0)
    defer { unlink(pipe) }
    for path in [pipe, "/tmp", "/dev/zero"] {
      #expect(throws: FileReadError.cannotOpen(path: path, reason: "not a regular file")) {
        try InputFile.contents(of: path, maximumBytes: 10)
      }
    }
    #expect(
      throws: FileReadError.cannotOpen(path: "/no/such", reason: "no such file or directory")
    ) { try InputFile.contents(of: "/no/such", maximumBytes: 10) }
  }
}
