import Foundation
import RSOSystem
import Testing

@Suite struct UnnamedFileTests {
  @Test("a private file has its bytes, and no name in any directory")
  func contents() throws {
    let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) }
    var rest = bytes[...]
    let path = try UnnamedFile.make(size: bytes.count) { room in
      let part = rest.prefix(room.count)
      room.copyBytes(from: part)
      rest = rest.dropFirst(part.count)
      return part.count
    }
    #expect(try InputFile.contents(of: path, maximumBytes: bytes.count) == bytes)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path).hasSuffix(" (deleted)"))
  }

  @Test("more bytes than there is space for are refused before one is written")
  func space() throws {
    let error = #expect(throws: SystemError.self) {
      try UnnamedFile.make(size: .max) { _ in
        Issue.record("asked for bytes")
        return 0
      }
    }
    #expect(error?.reason == "no space left on device")
  }

  @Test("an error of the source is passed on")
  func failure() {
    struct Failure: Error {}
    #expect(throws: Failure.self) { try UnnamedFile.make(size: 1) { _ in throw Failure() } }
  }
}
