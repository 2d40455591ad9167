import Foundation
import RSOTensorFiles
import TestSupport
import Testing

@Suite("Numpy files that are read part by part")
struct NumpyFileTests {
  /// All elements of all arrays.
  private func contents(of path: String, partSize: Int) throws -> [String: [UInt8]] {
    let file = try NumpyFile(path)
    var contents: [String: [UInt8]] = [:]
    for item in file.items {
      var bytes: [UInt8] = []
      try file.read(item, partSize: partSize) { part in
        #expect(part.count <= max(partSize, 64))
        bytes.append(contentsOf: part)
      }
      contents[item.name] = bytes
    }
    return contents
  }

  @Test(
    "numpy's archives have the bytes that the reader of whole files gives",
    arguments: ["tensors/kinds.npz", "inspection/unhealthy.npz", "datasets/medmnist.npz"])
  func same(name: String) throws {
    let path = Fixtures.url(name).path
    let whole = try TensorList(npz: [UInt8](try Fixtures.data(name)))
    for partSize in [1, 24, 1 << 16] {
      let contents = try contents(of: path, partSize: partSize)
      for tensor in whole.tensors {
        #expect(contents[tensor.name].map { $0[...] } == tensor.bytes, "\(tensor.name)")
      }
    }
  }

  @Test("order and byte order are told, and elements are in the order of the file")
  func orders() throws {
    let file = try NumpyFile(Fixtures.url("datasets/fortran.npz").path)
    let array = try file.items[0].array.get()
    #expect(array.shape == [9, 2, 4, 5])
    #expect(array.isColumnMajor)
    #expect(array.element == .number(.uint8))
    let big = try NumpyFile(Fixtures.url("datasets/sklearn.npz").path).items.map {
      try $0.array.get()
    }
    #expect(big.map(\.isBigEndian) == [true, true])
    #expect(big.map(\.element) == [.number(.float32), .number(.int16)])
    let texts = try NumpyFile(Fixtures.url("datasets/texts.npz").path).items[1].array.get()
    #expect(texts.element == .characters(count: 9))
  }

  @Test("an array that is not read leaves the others readable")
  func objects() throws {
    let file = try NumpyFile(Fixtures.url("datasets/objects.npz").path)
    #expect(file.items.map(\.name) == ["X", "y"])
    #expect(try file.items[0].array.get().shape == [9, 4])
    #expect(
      throws: TensorFileError(
        format: "npz", problem: "it holds pickled objects, which are not read")
    ) { try file.items[1].array.get() }
  }

  @Test("an archive with the records of zip64 is read")
  func longRecords() throws {
    let directory = try TemporaryDirectory()
    let plain = Archive()
    let file = try directory.write(plain.long(), to: "long.npz")
    let numbers: [UInt8] = [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]
    #expect(try contents(of: file.path, partSize: 64) == ["w": numbers])
    #expect(try TensorList(npz: plain.long())["w"]?.floats() == [1, -2])
    // Sizes beyond the file, and beyond 63 bits.
    for size in [1 << 40, -1] {
      let bad = try directory.write(plain.long(size: size), to: "bad.npz")
      #expect(throws: TensorFileError.self) { try contents(of: bad.path, partSize: 64) }
    }
  }

  @Test(
    "a malformed archive is refused",
    arguments: HostileNPZTests.archives.filter { $0.problem != "more than 1048576 bytes" })
  func malformed(row: HostileNPZTests.Row) throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write(row.bytes, to: "x.npz")
    #expect(throws: TensorFileError.self) { try contents(of: file.path, partSize: 64) }
  }

  @Test("a malformed array is refused", arguments: HostileNPZTests.arrays)
  func malformedArray(row: HostileNPZTests.Row) throws {
    guard row.problem != "invalid character" else { return }
    let directory = try TemporaryDirectory()
    let file = try directory.write(row.bytes, to: "x.npz")
    #expect(throws: TensorFileError.self) { try contents(of: file.path, partSize: 64) }
  }

  @Test("every cut and every changed byte is refused or changes no number unseen")
  func damage() throws {
    let directory = try TemporaryDirectory()
    let good = Archive().bytes
    let numbers: [UInt8] = [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]
    for count in good.indices {
      let file = try directory.write(good[..<count], to: "x.npz")
      #expect(throws: TensorFileError.self) { try contents(of: file.path, partSize: 64) }
    }
    for place in good.indices {
      var bytes = good
      bytes[place] ^= 0x55
      let file = try directory.write(bytes, to: "x.npz")
      guard let found = try? contents(of: file.path, partSize: 64) else { continue }
      #expect(Array(found.values) == [numbers], "byte \(place)")
    }
  }
}

extension Archive {
  /// The archive with the sizes and offsets of zip64, as tools write them for large files.
  fileprivate func long(size: Int? = nil) -> [UInt8] {
    let local = Array(bytes.prefix(30 + name.utf8.count + stored.count))
    let extra =
      little(1, 2) + little(24, 2) + little(size ?? self.size, 8)
      + little(stored.count, 8) + little(offset, 8)
    let entry =
      little(0x0201_4B50, 4) + little(45, 2) + little(45, 2) + little(flags, 2) + little(method, 2)
      + little(0, 4) + little(Int(checksum), 4) + little(0xFFFF_FFFF, 4) + little(0xFFFF_FFFF, 4)
      + little(name.utf8.count, 2) + little(extra.count, 2) + little(0, 2) + little(0, 2)
      + little(0, 6) + little(0xFFFF_FFFF, 4) + Array(name.utf8) + extra
    let end =
      little(0x0606_4B50, 4) + little(44, 8) + little(45, 2) + little(45, 2) + little(0, 8)
      + little(1, 8) + little(1, 8) + little(entry.count, 8) + little(local.count, 8)
    let locator =
      little(0x0706_4B50, 4) + little(0, 4) + little(local.count + entry.count, 8) + little(1, 4)
    return local + entry + end + locator + little(0x0605_4B50, 4) + little(0, 4)
      + little(0xFFFF, 2) + little(0xFFFF, 2) + little(0xFFFF_FFFF, 4) + little(0xFFFF_FFFF, 4)
      + little(0, 2)
  }
}
