import HDF5
import RSOCheckpoints
import RSOSystem
import Testing

@Suite struct DataPlaceTests {
  private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  struct Row: Sendable, CustomTestStringConvertible {
    var path: String
    var run: String
    var relative: String?
    var testDescription: String { "\(path) from \(run)" }
  }

  static let rows = [
    Row(path: "/data/mine", run: "/data/runs/a", relative: "../../mine"),
    Row(path: "/data/mine", run: "/data", relative: "mine"),
    Row(path: "/data/mine", run: "/data/mine", relative: "."),
    Row(path: "/data", run: "/data/runs", relative: ".."),
    Row(path: "/a/mine.tar.gz", run: "/b", relative: "../a/mine.tar.gz"),
    Row(path: "/", run: "/a", relative: ".."),
    Row(path: "//a/./b/", run: "/a/c", relative: "../b"),
    Row(path: "/data/../mine", run: "/data/runs", relative: nil),
    Row(path: "/data/mine", run: "runs/a", relative: nil),
    Row(
      path: "/a", run: "/" + String(repeating: "x/", count: 2000), relative: nil),
  ]

  @Test("the place of data is told from the run directory as well", arguments: rows)
  func relative(row: Row) throws {
    let place = try #require(DataPlace(path: row.path, runDirectory: row.run))
    #expect(place.path == Self.bytes(row.path))
    #expect(place.relativePath == row.relative.map(Self.bytes))
    let moved = row.relative.map { "/new/\($0)" }
    #expect(place.candidates(runDirectory: "/new") == (moved.map { [$0] } ?? []) + [row.path])
  }

  @Test("a path that is not UTF-8 keeps its bytes")
  func notUTF8() throws {
    let bytes = Self.bytes("/data/f") + [0xFC] + Self.bytes("r")
    let path = PathText.text(of: bytes)
    let place = try #require(DataPlace(path: path, runDirectory: "/data/runs"))
    #expect(place.path == bytes)
    #expect(place.relativePath == Self.bytes("../f") + [0xFC] + Self.bytes("r"))
    #expect(place.candidates(runDirectory: "/data/runs").last == path)
  }

  @Test("what is no path is no place")
  func refused() {
    for path in ["", "a", "/a\0b", "/" + String(repeating: "x", count: 4095)] {
      #expect(DataPlace(path: Self.bytes(path), relativePath: nil) == nil, "\(path)")
      #expect(
        DataPlace(path: path, runDirectory: "/a") == nil, "\(path)")
    }
    for relative in ["", "/a", "a\0b", String(repeating: "x", count: 4096)] {
      #expect(
        DataPlace(path: Self.bytes("/a"), relativePath: Self.bytes(relative)) == nil, "\(relative)")
    }
  }

  @Test("every path comes back from a file byte for byte, and is stored as the manual says")
  func stored() throws {
    let table: [(path: [UInt8], text: String)] = [
      (Self.bytes("/data/mine"), "/data/mine"),
      (Self.bytes("/größe/😀 x"), "/größe/😀 x"),
      (Self.bytes("/a\\b\n\t\u{7F}\u{1B}[31m"), "/a\\x5cb\\x0a\\x09\\x7f\\x1b[31m"),
      (Self.bytes("/f") + [0xFC] + Self.bytes("r"), "/f\\xfcr"),
      (Self.bytes("/") + [0xE2, 0x82], "/\\xe2\\x82"),
      (Self.bytes("/") + [0xE2, 0x82, 0xAC, 0x80], "/€\\x80"),
      (Self.bytes("/") + [0xED, 0xA0, 0x80, 0xC0, 0xAF], "/\\xed\\xa0\\x80\\xc0\\xaf"),
      ([0x2F] + (1...UInt8.max), "/" + Self.allBytes),
      (
        [0x2F] + [UInt8](repeating: 0xFF, count: 4094),
        "/" + String(repeating: "\\xff", count: 4094)
      ),
    ]
    for (path, text) in table {
      var checkpoint = try Sample.checkpoint()
      let place = try #require(DataPlace(path: path, relativePath: Array(path.dropFirst())))
      checkpoint.provenance.dataPlace = place
      let bytes = try CheckpointWriter.encode(checkpoint)
      let provenance = try HDF5File(bytes: bytes).root().group("provenance")
      #expect(try provenance.textAttribute("data_path") == text)
      #expect(try provenance.textAttribute("data_path_relative") == String(text.dropFirst()))
      #expect(try CheckpointReader.decode(bytes, path: "x") == checkpoint)
    }
  }

  /// Bytes 1 to 255 as they are stored.
  private static let allBytes =
    (1...255).map { byte in
      let isPlain = (0x20..<0x7F).contains(byte) && byte != 0x5C
      let digits = String(byte, radix: 16)
      return isPlain
        ? String(UnicodeScalar(UInt8(byte)))
        : "\\x" + (digits.count == 1 ? "0" : "") + digits
    }.joined()

  @Test("the place of data has no part in the identity of a state")
  func identity() throws {
    let (without, with) = (try Sample.checkpoint(), try Sample.placed())
    #expect(without != with)
    let digests = try [without, with].map {
      try CheckpointReader.load(CheckpointWriter.encode($0), path: "x").stateSHA256
    }
    #expect(digests[0] == digests[1])
  }

  @Test("the ends at which a run has measured its test set are kept, outside of a state's identity")
  func testedEnds() throws {
    let without = try Sample.checkpoint()
    var with = without
    with.provenance.testedEnds = 3
    let read = try [without, with].map {
      try CheckpointReader.load(CheckpointWriter.encode($0), path: "x")
    }
    #expect(read.map(\.checkpoint.provenance.testedEnds) == [0, 3])
    #expect(read[0].stateSHA256 == read[1].stateSHA256)
    let hostile = try Sample.resealed(with) { root in
      let group = try root.group("provenance")
      try group.removeAttribute("tested_ends")
      try group.setAttribute("tested_ends", Int64(-1))
    }
    #expect(
      throws: CheckpointError.malformed(
        path: "x", object: "attribute 'tested_ends' of /provenance",
        problem: "-1 is no number of ends")
    ) { try CheckpointReader.load(hostile, path: "x") }
  }

  @Test("a file of version 2.1 that tells the place of data is refused")
  func olderVersion() throws {
    let file = try HDF5File(bytes: try CheckpointWriter.encode(Sample.placed()), writable: true)
    let root = try file.root()
    try root.removeAttribute("format_version")
    try root.setAttribute("format_version", "2.1")
    let bytes = try #require(
      UserBlock.seal(
        try file.image(), generator: "rso 1.0.0", version: FormatVersion(major: 2, minor: 1)))
    #expect(
      throws: CheckpointError.malformed(
        path: "x", object: "attribute 'data_path' of /provenance",
        problem: "not part of a checkpoint")
    ) { try CheckpointReader.load(bytes, path: "x") }
  }
}
