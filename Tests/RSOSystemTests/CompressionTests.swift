import Glibc
import RSOSystem
import Testing

@Suite("inflating") struct CompressionTests {
  static let content = (0..<400_000).map { UInt8(truncatingIfNeeded: $0 / 50 &* 7 ^ $0 >> 8) }

  /// The output of gzip(1) for `bytes`.
  static func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
    let child = try ChildProcess("gzip", ["-n"], streams: [.input, .output])
    let output = child.exchange(bytes, maximumBytes: 1 << 24)
    #expect(child.reap() == .exited(status: 0))
    return try #require(output)
  }

  private func inflated(_ bytes: [UInt8], step: Int = 1 << 20) throws -> [UInt8] {
    let path = "/tmp/rso-gzip-\(UInt64.random(in: .min ... .max))"
    try DurableFile.write(bytes, to: path)
    defer { unlink(path) }
    var input = try InflatedInput(path)
    var result: [UInt8] = []
    while true {
      let part = try input.bytes(step)
      result += part
      if part.count < step { return result }
    }
  }

  @Test("a zlib stream holds its bytes", arguments: [0, 1, 100_000])
  func zlibStream(size: Int) throws {
    let bytes = (0..<size).map { UInt8($0 * $0 / 7 % 50) }
    let stream = try #require(Deflate.zlibStream(bytes))
    // Two bytes of header, and the checksum of four.
    #expect(stream[0] & 15 == 8 && (Int(stream[0]) << 8 | Int(stream[1])) % 31 == 0)
    #expect(Deflate.inflate(stream[2..<(stream.count - 4)], size: size) == bytes)
    if size > 1000 { #expect(stream.count < size / 2) }
  }

  @Test("a gzip file is inflated in steps of any size, and a plain one is read as it is")
  func gzip() throws {
    let bytes = try Self.gzip(Self.content)
    for step in [1 << 20, 65_536, 9_973] {
      #expect(try inflated(bytes, step: step) == Self.content)
      #expect(try inflated(Self.content, step: step) == Self.content)
    }
    #expect(try inflated([]) == [])
  }

  @Test("members in a row are one stream, and what follows them is ignored") func members() throws {
    let (one, two) = (try Self.gzip(Self.content), try Self.gzip([1, 2, 3]))
    #expect(try inflated(one + two + [0, 0]) == Self.content + [1, 2, 3])
  }

  @Test("a damaged or cut gzip file is an error") func damage() throws {
    let bytes = try Self.gzip(Self.content)
    for count in [10, 100, bytes.count - 1] {
      let error = try #require(throws: FileReadError.self) {
        try inflated(Array(bytes.prefix(count)))
      }
      #expect(error.description.hasSuffix("gzip data ends early"))
    }
    var changed = bytes
    changed[bytes.count - 4] ^= 1
    let error = try #require(throws: FileReadError.self) { try inflated(changed) }
    #expect(error.description.hasSuffix("gzip data is corrupt: incorrect length check"))
  }

  @Test("a raw stream must have just the size that was announced") func raw() throws {
    // gzip's header without a name has 10 bytes, and 8 follow the stream.
    let stream = try Self.gzip(Self.content).dropFirst(10).dropLast(8)
    let size = Self.content.count
    #expect(Deflate.inflate(stream, size: size) == Self.content)
    #expect(Deflate.inflate(stream, size: size - 1) == nil)
    #expect(Deflate.inflate(stream, size: size + 1) == nil)
    #expect(Deflate.inflate(stream.dropLast(), size: size) == nil)
    #expect(Deflate.inflate(stream + [0], size: size) == nil)
    #expect(Deflate.inflate([3, 0], size: 0) == [])
    #expect(Deflate.inflate([], size: 0) == nil)
    #expect(Deflate.checksum(Array("123456789".utf8)[...]) == 0xCBF4_3926)
  }

  @Test("numbers are written as printf does") func numbers() {
    #expect(NumberText.fixed(12.345, decimals: 2) == "12.35")
    #expect(NumberText.fixed(-0.5, decimals: 0) == "-0")
    #expect(NumberText.fixed(1e300, decimals: 2).utf8.count == 304)
    #expect(NumberText.scientific(0.0000123, decimals: 1) == "1.2e-05")
    #expect(NumberText.fixed(.nan, decimals: 1) == "nan")
  }
}
