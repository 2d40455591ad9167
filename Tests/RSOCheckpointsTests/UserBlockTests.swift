import Foundation
import RSOCheckpoints
import Testing

@Suite struct UserBlockTests {
  @Test("the user block is four lines of text and NULs up to 512 bytes")
  func exactBytes() throws {
    let image = Array("some bytes".utf8)
    let file = try #require(UserBlock.seal(image, generator: "rso 1.2.3"))
    // printf 'rso checkpoint 2.3\nlength 522\nsha256 %064d\ngenerator rso 1.2.3\n' 0 > f
    // truncate -s 512 f; printf 'some bytes' >> f; sha256sum f
    let digest = "bd81deb9b3cc89bd48143dcf4fc0eb40b68d8cc5f4a4386212016a4e5a1dd0d6"
    let text = "rso checkpoint 2.3\nlength 522\nsha256 \(digest)\ngenerator rso 1.2.3\n"
    #expect(
      file == Array(text.utf8) + [UInt8](repeating: 0, count: 512 - text.utf8.count) + image)
  }

  @Test("a block says what it was made with")
  func fields() throws {
    let file = try #require(UserBlock.seal([1, 2, 3], generator: "rso 1.2.3"))
    let block = try UserBlock(of: file, path: "x")
    #expect(block.version == FormatVersion(major: 2, minor: 3))
    #expect(block.length == 515)
    #expect(block.generator == "rso 1.2.3")
    #expect(block.sha256.count == 64)
  }

  @Test("a generator that is not one printable line is refused", arguments: ["", "a\nb", "ü"])
  func generator(_ generator: String) {
    #expect(UserBlock.seal([], generator: generator) == nil)
  }

  @Test("a version is two plain decimal numbers")
  func versions() {
    #expect(FormatVersion("1.0") == FormatVersion(major: 1, minor: 0))
    #expect(FormatVersion("12.34") == FormatVersion(major: 12, minor: 34))
    for text in ["", "1", "1.", ".1", "01.0", "1.0.0", "+1.0", "1.-1", "1. 0", "10000.0", "a.b"] {
      #expect(FormatVersion(text) == nil, "\(text)")
    }
  }

  @Test("what stands in place of a user block decides the message")
  func kinds() throws {
    let good = try CheckpointWriter.encode(try Sample.checkpoint())
    func replacing(_ old: String, _ new: String) throws -> [UInt8] {
      let range = try #require(Data(good).range(of: Data(old.utf8)))
      return good[..<range.lowerBound] + Array(new.utf8) + good[range.upperBound...]
    }
    let table: [([UInt8], CheckpointError)] = [
      ([], .notHDF5(path: "x")),
      (Array("rso".utf8), .notHDF5(path: "x")),
      (Array("hello, world".utf8), .notHDF5(path: "x")),
      ([UInt8](repeating: 0, count: 100_000), .notHDF5(path: "x")),
      (Array(good[512...]), .notCheckpoint(path: "x")),
      ([UInt8](repeating: 0, count: 512) + good[512...], .notCheckpoint(path: "x")),
      ([UInt8](repeating: 0, count: 2048) + good[512...], .notCheckpoint(path: "x")),
      ([UInt8](repeating: 0, count: 513) + good[512...], .notHDF5(path: "x")),
      (Array("rso checkpoint ".utf8), .damagedHeader(path: "x")),
      (Array("rso checkpoint 2.3\n".utf8), .damagedHeader(path: "x")),
      (
        Array("rso checkpoint 2.3\nlength 3\nsha256 \ngenerator x\n".utf8),
        .damagedHeader(path: "x")
      ),
      (
        try replacing("checkpoint 2.3", "checkpoint 3.0"),
        .newerVersion(
          path: "x", found: FormatVersion(major: 3, minor: 0),
          supported: FormatVersion(major: 2, minor: 3))
      ),
      (
        Array("rso checkpoint 3.7\nanything".utf8),
        .newerVersion(
          path: "x", found: FormatVersion(major: 3, minor: 7),
          supported: FormatVersion(major: 2, minor: 3))
      ),
      (try replacing("checkpoint 2.3", "checkpoint 2.4"), .modified(path: "x")),
      (try replacing("checkpoint 2.3", "checkpoint one"), .damagedHeader(path: "x")),
      (try replacing("length ", "length -"), .damagedHeader(path: "x")),
      (try replacing("length ", "length +"), .damagedHeader(path: "x")),
      (try replacing("length ", "length  "), .damagedHeader(path: "x")),
      (try replacing("generator rso 1.0.0\n", "generator rso 1.0.0\r"), .damagedHeader(path: "x")),
      (good + [0], .modified(path: "x")),
      (Array(good.dropLast()), .truncated(path: "x", expected: good.count, found: good.count - 1)),
    ]
    for (row, (bytes, error)) in table.enumerated() {
      #expect(throws: error, "row \(row)") { try CheckpointReader.load(bytes, path: "x") }
    }
  }

  @Test("the messages say what is the matter and what to do")
  func messages() {
    let version = FormatVersion(major: 3, minor: 0)
    let table: [(CheckpointError, String)] = [
      (.notHDF5(path: "x.h5"), "cannot open 'x.h5': not an HDF5 file"),
      (
        .notHDF5(path: "x.npz"),
        "cannot open 'x.npz': not an HDF5 file; 'rso import' makes a checkpoint of it"
      ),
      (.notCheckpoint(path: "x.h5"), "cannot open 'x.h5': an HDF5 file, but not an rso checkpoint"),
      (
        .newerVersion(path: "x.h5", found: version, supported: CheckpointSchema.version),
        "cannot read 'x.h5': format version 3.0 is newer than 2.3, the newest that this rso reads; "
          + "use a newer rso"
      ),
      (
        .truncated(path: "x.h5", expected: 20, found: 10),
        "cannot read 'x.h5': truncated: 10 of 20 bytes; use an older checkpoint"
      ),
      (
        .modified(path: "x.h5"),
        "cannot read 'x.h5': damaged or modified since it was written: its SHA-256 differs; use an "
          + "older checkpoint, or accept an edit that was meant with 'rso verify --reseal'"
      ),
      (
        .malformed(path: "x.h5", object: "/plan", problem: "missing"),
        "cannot read 'x.h5': /plan: missing"
      ),
    ]
    for (error, message) in table { #expect(error.description == message) }
  }
}
