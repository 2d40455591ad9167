import Foundation
import RSOTensorFiles
import TestSupport
import Testing

@Suite("Files of PyTorch, read as data")
struct PyTorchTests {
  /// A tensor as PyTorch itself reads it.
  struct Expected: Decodable {
    var name: String
    var type: String
    var shape: [Int]
    var bytes: String

    init(from decoder: any Decoder) throws {
      var values = try decoder.unkeyedContainer()
      name = try values.decode(String.self)
      let type = try values.decode(String.self)
      // PyTorch's names have the suffix of numbers without infinities.
      self.type =
        type == "float8_e4m3fn" ? "float8_e4m3" : type == "float8_e8m0fnu" ? "float8_e8m0" : type
      shape = try values.decode([Int].self)
      bytes = try values.decode(String.self)
    }
  }

  private static func expected(_ file: String) throws -> [Expected] {
    let all = try JSONDecoder().decode(
      [String: [Expected]].self, from: Fixtures.data("tensors/pytorch/expected.json"))
    return try #require(all[file])
  }

  private static func open(_ file: String) throws -> TensorFile {
    try #require(try TensorFile.open(Fixtures.url("tensors/pytorch/\(file)").path))
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private static func elements(_ entry: TensorEntry, of file: TensorFile) throws -> [UInt8] {
    let size = try #require(entry.byteCount)
    return try file.reader(of: entry).bytes(atMost: size)
  }

  @Test(
    "types and views have the bytes that PyTorch gives them",
    arguments: [
      ("kinds.pt", "kinds.pt"), ("views.pt", "views.pt"), ("views-4.pt", "views.pt"),
      ("views-deflated.pt", "views.pt"), ("views-big.pt", "views.pt"),
      ("unchecked.pt", "unchecked.pt"), ("alone.pt", "alone.pt"), ("list.pt", "list.pt"),
    ])
  func bytes(file: String, same: String) throws {
    let found = try Self.open(file)
    let expected = try Self.expected(same)
    #expect(found.format == .pytorch)
    #expect(found.entries.map(\.name) == expected.map(\.name))
    #expect(found.entries.map(\.type.name) == expected.map(\.type))
    #expect(found.entries.map(\.shape) == expected.map(\.shape))
    for (entry, expected) in zip(found.entries, expected) {
      let bytes = try Self.elements(entry, of: found)
      #expect(Self.hexadecimal(bytes) == expected.bytes, "\(entry.name)")
    }
  }

  @Test(
    "every tensor of nested values, of a module and of a TorchScript archive is read",
    arguments: ["training.pt", "module.pt", "script.pt", "trace.pt", "special.pt"])
  func nested(file: String) throws {
    let found = try Self.open(file)
    let others = ["training.pt": 3, "trace.pt": 1, "special.pt": 13]
    #expect(found.entries.count == (try Self.expected(file).count) + (others[file] ?? 0))
    for expected in try Self.expected(file) {
      let entry = try #require(found[expected.name], "\(expected.name)")
      #expect(entry.type.name == expected.type)
      #expect(entry.shape == expected.shape)
      #expect(Self.hexadecimal(try Self.elements(entry, of: found)) == expected.bytes)
    }
  }

  @Test("the other values of a checkpoint are metadata, or entries with a reason")
  func values() throws {
    let file = try Self.open("training.pt")
    let tensors = Set(try Self.expected("training.pt").map(\.name))
    let others = file.entries.filter { !tensors.contains($0.name) }
    #expect(others.map(\.name) == ["array", "random", "long"])
    #expect(others.map(\.type.name) == ["numpy.ndarray", "bytes", "integer"])
    #expect(
      others.allSatisfy { $0.problem == "it is an object of Python, which is not read" })
    let expected = [
      "epoch": "3", "name": "first", "flag": "true", "history": "[0.5, 0.25]",
      "options.rate": "0.1", "options.kind": "x",
      "optimizer.param_groups.0.lr": "0.25", "optimizer.param_groups.0.params": "[0, 1, 2, 3]",
    ]
    for (name, text) in expected { #expect(file.metadata[name] == text, "\(name)") }
    #expect(!file.metadata.keys.contains { $0.hasPrefix("model.") })
  }

  @Test("a tensor that is not an array of plain numbers is named beside the others")
  func special() throws {
    let file = try Self.open("special.pt")
    let shown = file.entries.map { "\($0.name) \($0.type.name) \($0.shape)" }
    #expect(
      shown == [
        "plain float32 [3]", "quantised qint8 [2]", "sparse sparse_coo [2, 2]",
        "sparse.indices int64 [2, 2]", "sparse.values float32 [2]", "csr sparse_csr [2, 2]",
        "csr.first_indices int64 [3]", "csr.indices int64 [2]", "csr.values float32 [2]",
        "conjugate complex64 [1]", "negative float32 [1]", "meta float32 [2, 3]",
        "storage uint8 [4]", "typed int16 [2]", "last int64 [1]",
      ])
    let unread = file.entries.filter { $0.problem != nil }
    #expect(
      unread.map(\.name) == ["quantised", "sparse", "csr", "conjugate", "negative", "meta"])
    #expect(
      file["conjugate"]?.problem == "it is a view with the flag conj")
    let list = try file.list(maximumSize: 1000) { $0.problem == nil }
    #expect(list["storage"]?.bytes == [9, 0, 0, 0])
    #expect(list["typed"]?.floats() == [4, 5])
    #expect(list["csr.values"]?.floats() == [2, 3])
    #expect(list["sparse.indices"]?.floats() == [0, 1, 1, 0])
  }

  @Test("the constants of TorchScript are entries")
  func constants() throws {
    let trace = try Self.open("trace.pt")
    let list = try trace.list(maximumSize: 1000) { $0.name == "constants.0" }
    #expect(list.tensors.map { $0.floats() } == [[8, 16]])
  }

  @Test(
    "each cut is an error, and a changed byte changes no number unseen",
    arguments: [("views-deflated.pt", 1), ("views.pt", 1), ("special.pt", 7)])
  func damage(name: String, step: Int) throws {
    let good = [UInt8](try Fixtures.data("tensors/pytorch/\(name)"))
    let whole = Set(try Self.checkedContents(of: good))
    #expect(!whole.isEmpty)
    for count in stride(from: 0, to: good.count, by: step) {
      #expect(throws: TensorFileError.self, "\(count)") {
        try Self.checkedContents(of: good[..<count])
      }
    }
    for place in stride(from: 0, to: good.count, by: step) {
      var bytes = good
      bytes[place] ^= 0x55
      guard let found = try? Self.checkedContents(of: bytes) else { continue }
      #expect(whole.isSuperset(of: found), "\(place)")
    }
  }

  /// The elements of the entries that have a checksum. A part of an uncompressed storage has none.
  private static func checkedContents(of bytes: some Sequence<UInt8>) throws -> [[UInt8]] {
    let memory = try MemoryFile(bytes)
    defer { withExtendedLifetime(memory) {} }
    guard let file = try TensorFile.open(memory.path) else {
      throw TensorFileError(format: "none", problem: "not recognised")
    }
    return try file.entries.compactMap { entry in
      guard let storage = entry.storage, case .member = storage.place else { return nil }
      return try elements(entry, of: file)
    }
  }

  @Test("the element count of a view is bounded by its storage, whatever it states")
  func bounds() throws {
    let cases: [(offset: Int, shape: [Int], strides: [Int], isRead: Bool)] = [
      (0, [24], [1], true), (0, [25], [1], false), (23, [1], [1], true), (24, [1], [1], false),
      (24, [0], [1], true), (25, [0], [1], false), (-1, [1], [1], false), (0, [2, 3], [1], false),
      (0, [-1], [1], false), (0, [2], [-1], false), (0, [1 << 30, 1 << 30], [0, 0], false),
      (0, [1 << 30, 1 << 30], [1 << 30, 1 << 30], false), (0, [4, 6], [0, 0], true),
      (3, [1, 2], [1 << 62, 20], true), (4, [1, 2], [1 << 62, 20], false),
    ]
    let directory = try TemporaryDirectory()
    for (index, row) in cases.enumerated() {
      let pickle = Pickle.tensor(offset: row.offset, shape: row.shape, strides: row.strides)
      let path = try directory.write(Pickle.archive(pickle), to: "\(index).pt").path
      let file = try #require(try TensorFile.open(path))
      #expect(file.entries.count == 1)
      let entry = try #require(file.entries.first)
      #expect((entry.problem == nil) == row.isRead, "\(row)")
      guard row.isRead else { continue }
      let size = try #require(entry.byteCount)
      #expect(try file.reader(of: entry).bytes(atMost: size).count == size)
    }
  }
}
