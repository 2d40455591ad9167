import Foundation
import RSOTensorFiles
import TestSupport
import Testing

@Suite("Entries of HDF5 files")
struct HDF5TensorsTests {
  private static func open(_ name: String) throws -> TensorFile {
    try #require(try TensorFile.open(Fixtures.url("hdf5/\(name)").path))
  }

  @Test(
    "every dataset is an entry, with the type, shape and elements that h5py reads, or not read",
    arguments: [
      "kinds.h5", "storage.h5", "user-block.h5", "links.h5", "virtual.h5", "external.h5",
    ])
  func expected(name: String) throws {
    try ExpectedTensors.check(name, in: "hdf5", format: .hdf5)
  }

  @Test(
    "Keras's files have the entries of its HDF5 file",
    arguments: [
      ("network.h5", TensorFileFormat.hdf5), ("network.weights.h5", .hdf5),
      ("network.keras", .keras), ("deflated.keras", .keras),
    ])
  func keras(name: String, format: TensorFileFormat) throws {
    try ExpectedTensors.check(name, in: "keras", format: format)
  }

  @Test("a chunk whose checksum differs is an error")
  func checksum() throws {
    let directory = try TemporaryDirectory()
    let good = [UInt8](try Fixtures.data("hdf5/storage.h5"))
    // The first chunk of 'fletcher32', the elements of 'contiguous', and those of 'compact'.
    let chunk = littleEndianBytes((0..<96).map { (Float($0) / 8 - 1).bitPattern })
    var places: [Int] = []
    var rest = good[...]
    while let found = rest.firstRange(of: chunk) {
      places.append(found.lowerBound)
      rest = rest[found.upperBound...]
    }
    #expect(places.count == 3)
    var failures: [String] = []
    for place in places {
      var bytes = good
      bytes[place] ^= 1
      let path = try directory.write(bytes, to: "\(place).h5").path
      let file = try #require(try TensorFile.open(path))
      let entry = try #require(file["fletcher32"])
      do { _ = try ExpectedTensors.digest(entry, of: file) } catch { failures.append("\(error)") }
    }
    #expect(failures.count == 1)
    #expect(failures.first?.contains("cannot read dataset '/fletcher32'") == true, "\(failures)")
  }

  @Test("a damaged archive of Keras is refused, or its damaged weights are")
  func damagedKeras() throws {
    let directory = try TemporaryDirectory()
    var deflated = [UInt8](try Fixtures.data("keras/deflated.keras"))
    deflated[2500] ^= 1
    #expect(throws: TensorFileError.self) {
      try TensorFile.open(try directory.write(deflated, to: "deflated.keras").path)
    }
    var stored = [UInt8](try Fixtures.data("keras/network.keras"))
    // The signature of the HDF5 file in it.
    let start = try #require(stored.firstRange(of: [0x89, 0x48, 0x44, 0x46])?.lowerBound)
    stored[start + 1] ^= 1
    #expect(throws: TensorFileError.self) {
      try TensorFile.open(try directory.write(stored, to: "stored.keras").path)
    }
  }

  @Test("what is not read is named with the reason")
  func problems() throws {
    let kinds = try Self.open("kinds.h5")
    let reasons = [
      "records": "it holds records of several fields",
      "arrays": "each of its elements is an array",
      "times": "it holds bytes whose meaning HDF5 does not know",
      "references": "it holds references to other objects",
      "sequences": "it holds sequences of variable length",
      "null": "has no elements",
      "wide": "its floating-point numbers have a form that is not known",
    ]
    for (name, reason) in reasons {
      #expect(kinds["unread/\(name)"]?.problem == reason)
    }
    #expect(kinds["unread/wide"]?.type == .other("float128"))
    // A link or an empty dataset has no shape and no number of elements. An array has both, read or not.
    #expect(kinds["unread/null"]?.knownShape == nil && kinds["unread/null"]?.count == nil)
    #expect(kinds["unread/wide"]?.knownShape != nil && kinds["unread/wide"]?.count != nil)
    let links = try Self.open("links.h5")
    #expect(links["outside"]?.problem == "it is a link to another file, which is not followed")
    #expect(links["dangling"]?.problem == "it is a link to nothing, or through another file")
    for name in ["outside", "dangling"] {
      #expect(links[name]?.knownShape == nil && links[name]?.count == nil)
    }
    let storage = try Self.open("storage.h5")
    #expect(storage["never"]?.problem == "its elements were never written, or most of them")
    let external = try Self.open("external.h5")
    #expect(
      external["outside"]?.problem == "its elements are in another file; copy it into one file")
  }

  static let virtualProblems: [(name: String, problem: String)] = [
    ("gap", "it is virtual, and parts of it have no source"),
    (
      "missing",
      "it is virtual: its elements are in 'part-c.h5', which cannot be read: no such file or "
        + "directory"
    ),
    ("no_dataset", "tensor 'no_dataset': cannot open dataset '/y'"),
    (
      "elsewhere",
      "it is virtual: its elements are in '../hdf5/part-a.h5', and only files in its own directory "
        + "are read; copy it into one file"
    ),
    ("nested", "tensor 'nested': its source 'stacked': it is virtual itself"),
    ("shorter", "tensor 'shorter': its source 'data/x' has another number of elements"),
    ("beyond", "tensor 'beyond': /data/x: is smaller than the virtual dataset expects"),
    ("pattern", "it is virtual, and its sources are named by a pattern"),
  ]

  @Test(
    "a virtual dataset whose sources are not all there is not filled up", arguments: virtualProblems
  )
  func virtual(name: String, problem: String) throws {
    let file = try Self.open("virtual.h5")
    let entry = try #require(file[name])
    if let found = entry.problem {
      #expect(found == problem)
    } else {
      let error = #expect(throws: TensorFileError.self) {
        try ExpectedTensors.digest(entry, of: file)
      }
      #expect(error?.problem.hasPrefix(problem) == true, "\(error?.problem ?? "")")
    }
  }

  @Test("numbers that lie in the file as they are delivered are read without libhdf5")
  func plain() throws {
    let file = try Self.open("storage.h5")
    for entry in file.entries {
      #expect((entry.storage?.plainRange != nil) == (entry.name == "contiguous"), "\(entry.name)")
    }
    let block = try Self.open("user-block.h5")
    #expect(block["x"]?.storage?.plainRange != nil)
  }

  @Test("a damaged file is an error, or has entries that are")
  func damage() throws {
    let directory = try TemporaryDirectory()
    for name in ["kinds.h5", "virtual.h5", "storage.h5"] {
      let good = [UInt8](try Fixtures.data("hdf5/\(name)"))
      for step in 1...6 {
        let place = good.count * step / 7
        var flipped = good
        flipped[place] ^= 0x55
        for (kind, bytes) in [("cut", Array(good[..<place])), ("flipped", flipped)] {
          let path = try directory.write(bytes, to: "\(kind)-\(step)-\(name)").path
          guard let file = try? TensorFile.open(path) else { continue }
          for entry in file.entries.prefix(12) where entry.problem == nil {
            _ = try? ExpectedTensors.digest(entry, of: file)
          }
        }
      }
      // Without its first half a file has no entries.
      #expect(throws: TensorFileError.self) {
        try TensorFile.open(
          try directory.write(Array(good[..<40]), to: "short").path, format: .hdf5)
      }
    }
  }

  @Test("a checkpoint of rso, also a damaged one, is not another program's file")
  func checkpoint() throws {
    let directory = try TemporaryDirectory()
    let path = Fixtures.url("checkpoints/v1/tiny.h5").path
    #expect(try TensorFile.open(path) == nil)
    var bytes = [UInt8](try Fixtures.data("checkpoints/v1/tiny.h5"))
    bytes[0] ^= 1
    #expect(try TensorFile.open(try directory.write(bytes, to: "damaged").path) == nil)
  }
}
