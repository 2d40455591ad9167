import Foundation
import RSODatasets
import TestSupport
import Testing

@Suite struct IDXFileTests {
  /// Bytes that are not a file of images, and what is said about them after `cannot read 'PATH': `.
  struct Malformed: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var bytes: [UInt8]
    var message: String
    var kind = IDXFile.Kind.images

    init(_ name: String, _ bytes: [UInt8], _ message: String, _ kind: IDXFile.Kind = .images) {
      testDescription = name
      self.bytes = bytes
      self.message = message
      self.kind = kind
    }
  }

  private static let pixels: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
  private static let good = IDX.images(2, 2, 2, pixels)
  private static let goodGzip = Gzip.stored(good)
  private static let huge = IDX.header(0x0803, 0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF)

  static let plain: [Malformed] = [
    Malformed("empty file", [], "an IDX header has 16 bytes, the file 0"),
    Malformed("three bytes", [0, 0, 8], "an IDX header has 16 bytes, the file 3"),
    Malformed(
      "half a header", Array(good.prefix(10)), "an IDX header has 16 bytes, the file 10"),
    Malformed(
      "half a header of labels", [0, 0, 8, 1, 0], "an IDX header has 8 bytes, the file 5", .labels
    ),
    Malformed(
      "labels for images", IDX.labels([1, 2, 3]),
      "IDX magic is 0x00000801, expected 0x00000803 for images"),
    Malformed(
      "images for labels", good, "IDX magic is 0x00000803, expected 0x00000801 for labels", .labels),
    Malformed(
      "floats", IDX.header(0x0D03, 1, 1, 1) + [0, 0, 0, 0],
      "IDX magic is 0x00000d03, expected 0x00000803 for images"),
    Malformed(
      "another format", Array("PNG, or so it seems".utf8),
      "IDX magic is 0x504e472c, expected 0x00000803 for images"),
    Malformed(
      "a web page", Array("<html><head>403 Forbidden</head></html>".utf8),
      "IDX magic is 0x3c68746d, expected 0x00000803 for images; it is a web page, as a server sends "
        + "instead of a file; download it again"),
    Malformed(
      "a pointer of git-lfs", Array("version https://git-lfs.github.com/spec/v1\n".utf8),
      "IDX magic is 0x76657273, expected 0x00000803 for images; it is a pointer of git-lfs; get the "
        + "file with 'git lfs pull'"),
    Malformed(
      "no images", IDX.images(0, 2, 2, []), "IDX header announces 0 x 2 x 2 bytes: no data"),
    Malformed(
      "no width", IDX.images(2, 2, 0, pixels), "IDX header announces 2 x 2 x 0 bytes: no data"),
    Malformed("no labels", IDX.labels([]), "IDX header announces 0 bytes: no data", .labels),
    Malformed(
      "last byte missing", good.dropLast(), "IDX header announces 2 x 2 x 2 bytes, the file has 7"),
    Malformed(
      "no content", Array(good.prefix(16)), "IDX header announces 2 x 2 x 2 bytes, the file has 0"),
    Malformed(
      "a byte too many", good + [0], "IDX header announces 2 x 2 x 2 bytes, the file has 9"),
    Malformed(
      "a product beyond 64 bits", huge,
      "IDX header announces 4294967295 x 4294967295 x 4294967295 bytes, the limit is 2147483647"),
    Malformed(
      "a product just beyond the limit", IDX.header(0x0803, 2, 1 << 15, 1 << 15),
      "IDX header announces 2 x 32768 x 32768 bytes, the limit is 2147483647"),
    Malformed(
      "two gigabytes, not there", IDX.header(0x0803, 1, 0x7FFF_FFFF, 1),
      "IDX header announces 1 x 2147483647 x 1 bytes, the file has 0"),
  ]

  static let gzip: [Malformed] = [
    Malformed("the magic alone", [0x1f, 0x8b], "gzip data ends early"),
    Malformed("a header alone", Gzip.header, "gzip data ends early"),
    Malformed("cut in the content", Array(goodGzip.prefix(35)), "gzip data ends early"),
    Malformed("cut before the checksum", goodGzip.dropLast(8), "gzip data ends early"),
    Malformed("cut in the trailer", goodGzip.dropLast(1), "gzip data ends early"),
    Malformed(
      "unknown method", [0x1f, 0x8b, 7] + goodGzip.dropFirst(3),
      "gzip data is corrupt: unknown compression method"),
    Malformed(
      "unknown block type", Gzip.header + [7], "gzip data is corrupt: invalid block type"),
    Malformed(
      "a changed pixel", goodGzip.replacing(at: 33, with: 99),
      "gzip data is corrupt: incorrect data check"),
    Malformed(
      "a changed length", goodGzip.replacing(at: goodGzip.count - 1, with: 1),
      "gzip data is corrupt: incorrect length check"),
    Malformed(
      "empty content", Gzip.stored([]), "an IDX header has 16 bytes, the file 0"),
    Malformed(
      "last byte missing", Gzip.stored(good.dropLast()),
      "IDX header announces 2 x 2 x 2 bytes, the file has 7"),
    Malformed(
      "a byte too many", Gzip.stored(good + [0]),
      "IDX header announces 2 x 2 x 2 bytes, the file has more"),
    Malformed(
      "another member's byte too many", goodGzip + Gzip.stored([0]),
      "IDX header announces 2 x 2 x 2 bytes, the file has more"),
    Malformed(
      "a broken member behind", goodGzip + Gzip.header + [7],
      "gzip data is corrupt: invalid block type"),
    Malformed(
      "a wrong magic", Gzip.stored(IDX.labels([1])),
      "IDX magic is 0x00000801, expected 0x00000803 for images"),
    Malformed(
      "gzip in gzip", Gzip.stored(goodGzip),
      "IDX magic is 0x1f8b0800, expected 0x00000803 for images"
    ),
    Malformed(
      "two gigabytes, which 39 bytes cannot hold",
      Gzip.stored(IDX.header(0x0803, 1, 0x7FFF_FFFF, 1)),
      "IDX header announces 1 x 2147483647 x 1 bytes, the file has at most 40248"),
  ]

  @Test("a malformed plain file is refused with its reason", arguments: plain)
  func malformedPlain(_ row: Malformed) throws { try refuse(row) }

  @Test("a malformed gzip file is refused with its reason", arguments: gzip)
  func malformedGzip(_ row: Malformed) throws { try refuse(row) }

  private func refuse(_ row: Malformed) throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write(row.bytes, to: "file")
    let error = #expect(throws: IDXError.self) {
      try IDXFile(row.kind, at: file.path)
    }
    #expect(error?.description == "cannot read '\(file.path)': \(row.message)")
  }

  @Test("content is the same plain, compressed, in members, and before trailing garbage")
  func variants() throws {
    let directory = try TemporaryDirectory()
    let (first, second) = (Array(Self.good.prefix(18)), Array(Self.good.dropFirst(18)))
    let rows: [(String, [UInt8])] = [
      ("plain", Self.good),
      ("gzip", Self.goodGzip),
      ("two members", Gzip.stored(first) + Gzip.stored(second)),
      ("empty members around", Gzip.stored([]) + Self.goodGzip + Gzip.stored([])),
      ("zero padding", Self.goodGzip + [UInt8](repeating: 0, count: 512)),
      ("trailing text", Self.goodGzip + Array("garbage".utf8)),
      ("half a magic behind", Self.goodGzip + [0x1f]),
    ]
    for (name, bytes) in rows {
      // The name says the opposite of what the file is: it does not matter.
      let isGzip = bytes.starts(with: [0x1f, 0x8b])
      let file = try directory.write(bytes, to: isGzip ? "images" : "images.gz")
      let content = try IDXFile(.images, at: file.path)
      #expect(content.dimensions == [2, 2, 2], "\(name)")
      #expect(content.bytes == Self.pixels, "\(name)")
    }
    let labels = try directory.write(Gzip.stored(IDX.labels([3, 1, 255])), to: "labels")
    #expect(try IDXFile(.labels, at: labels.path).bytes == [3, 1, 255])
  }

  @Test("large content crosses the reader's blocks and members unharmed")
  func largeContent() throws {
    let directory = try TemporaryDirectory()
    let pixels = (0..<300 * 28 * 28).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    let bytes = IDX.images(300, 28, 28, pixels)
    let members = stride(from: 0, to: bytes.count, by: 40_003).flatMap {
      Gzip.stored(Array(bytes[$0..<min($0 + 40_003, bytes.count)]))
    }
    for (name, encoded) in [("plain", bytes), ("gzip", members)] {
      let content = try IDXFile(.images, at: directory.write(encoded, to: name).path)
      #expect(content.bytes == pixels, "\(name)")
    }
  }

  @Test("inflating stops at the first byte too many: what follows is not even looked at")
  func stopsEarly() throws {
    let directory = try TemporaryDirectory()
    // Inflated to its end it would be a gigabyte, and then tell that its trailer is missing.
    let bomb = Gzip.bomb(after: IDX.images(1, 2, 2, [1, 2, 3, 4]), repeats: 4_200_000)
    let file = try directory.write(bomb, to: "bomb.gz")
    #expect(
      throws: IDXError.sizeMismatch(path: file.path, dimensions: [1, 2, 2], found: .more)
    ) {
      try IDXFile(.images, at: file.path)
    }

    // It is a stream like any other: 258 zeros a repeat and one more, then the lack of a trailer.
    let count = 258 * 20 + 1
    for (announced, expected) in [(count - 1, "more"), (count, "early")] {
      let bytes = Gzip.bomb(after: IDX.header(0x0803, 1, announced, 1), repeats: 20)
      let file = try directory.write(bytes, to: "zeros.gz")
      let error = #expect(throws: IDXError.self) { try IDXFile(.images, at: file.path) }
      #expect(error?.description.hasSuffix(" \(expected)") == true)
    }
  }

  @Test("a limit is kept")
  func limit() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write(Self.good, to: "images")
    #expect(try IDXFile(.images, at: file.path, limit: 8).bytes == Self.pixels)
    #expect(throws: IDXError.tooLarge(path: file.path, dimensions: [2, 2, 2], limit: 7)) {
      try IDXFile(.images, at: file.path, limit: 7)
    }
  }

  @Test("what is no file is refused without waiting")
  func notFiles() throws {
    let directory = try TemporaryDirectory()
    let pipe = directory.url.appendingPathComponent("pipe").path
    #expect(mkfifo(pipe, 0o600) == 0)
    let rows = [
      (pipe, "cannot open '\(pipe)': not a regular file"),
      ("/dev/zero", "cannot open '/dev/zero': not a regular file"),
      (directory.url.path, "cannot open '\(directory.url.path)': not a regular file"),
      ("/nowhere/file", "cannot open '/nowhere/file': no such file or directory"),
    ]
    for (path, message) in rows {
      let error = #expect(throws: IDXError.self) {
        try IDXFile(.images, at: path)
      }
      #expect(error?.description == message)
    }
  }
}
