import HDF5
import Testing

@Suite struct HDF5FileTests {
  /// A file with one object of every kind that the wrapper writes.
  static func sample(userBlock: Int = 0) throws -> [UInt8] {
    let file = try HDF5File(userBlock: userBlock)
    let root = try file.root()
    try root.setAttribute("text", "größer")
    try root.setAttribute("empty", "")
    try root.setAttribute("integer", Int64(-42))
    try root.setAttribute("double", 0.1)
    try root.write(text: "{\"a\": [1, 2]}", as: "json")
    let group = try root.createGroup("numbers")
    try group.write(
      [1.5, -2, .greatestFiniteMagnitude, 0, 4, 5] as [Float], shape: [2, 3], as: "f32")
    try group.write([0.1, -.infinity] as [Double], shape: [2], as: "f64")
    try group.write([Int64.min, .max], shape: [1, 2, 1], as: "i64", storage: .compact)
    try group.write([UInt64.max], shape: [], as: "u64")
    try group.write([] as [Double], shape: [0, 3], as: "none")
    return try file.image()
  }

  @Test("what was written is read back, bit for bit")
  func roundTrip() throws {
    let file = try HDF5File(bytes: try Self.sample())
    let root = try file.root()
    #expect(try root.textAttribute("text") == "größer")
    #expect(try root.textAttribute("empty") == "")
    #expect(try root.attribute("integer", Int64.self) == -42)
    #expect(try root.attribute("double", Double.self) == 0.1)
    #expect(try root.dataset("json").readText(maximumBytes: 100) == "{\"a\": [1, 2]}")
    let group = try root.group("numbers")
    let floats = try group.dataset("f32")
    #expect(floats.shape == [2, 3])
    #expect(floats.elementType == .float32)
    #expect(
      try floats.read(Float.self, maximumBytes: 24)
        == [1.5, -2, .greatestFiniteMagnitude, 0, 4, 5])
    #expect(try group.dataset("f64").read(Double.self, maximumBytes: 16) == [0.1, -.infinity])
    #expect(try group.dataset("i64").read(Int64.self, maximumBytes: 16) == [.min, .max])
    let scalar = try group.dataset("u64")
    #expect(scalar.shape == [])
    #expect(try scalar.read(UInt64.self, maximumBytes: 8) == [.max])
    let none = try group.dataset("none")
    #expect(none.shape == [0, 3])
    #expect(try none.read(Double.self, maximumBytes: 0) == [])
    try none.requirePlainStorage()
    try floats.requirePlainStorage()
    try scalar.requirePlainStorage()
  }

  @Test("equal content gives equal bytes")
  func determinism() throws {
    #expect(try Self.sample() == Self.sample())
    #expect(try Self.sample(userBlock: 512) == Self.sample(userBlock: 512))
  }

  @Test("an image begins with the signature and a superblock of version 0")
  func superblock() throws {
    let image = try Self.sample()
    #expect(Array(image.prefix(9)) == [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A, 0])
  }

  @Test("the image leaves out the user block, and the file opens with one before it")
  func userBlock() throws {
    let image = try Self.sample(userBlock: 512)
    #expect(Array(image.prefix(4)) == [0x89, 0x48, 0x44, 0x46])
    // Base address and end of file, both counted from the user block's beginning.
    func word(_ offset: Int) -> Int {
      (0..<8).reduce(0) { $0 | Int(image[offset + $1]) << (8 * $1) }
    }
    #expect(word(24) == 512)
    #expect(word(40) == 512 + image.count)
    let file = try HDF5File(bytes: [UInt8](repeating: 0x23, count: 512) + image)
    #expect(try file.root().textAttribute("text") == "größer")
    #expect(try file.image() == image)
  }

  @Test("a file opened for writing is changed in memory")
  func rewriting() throws {
    let file = try HDF5File(bytes: try Self.sample(), writable: true)
    let root = try file.root()
    try root.remove("json")
    try root.write(text: "new", as: "json")
    let again = try HDF5File(bytes: try file.image())
    #expect(try again.root().dataset("json").readText(maximumBytes: 3) == "new")
  }

  @Test("the members of a group come in the order of their names, each with its kind")
  func members() throws {
    let file = try HDF5File()
    let root = try file.root()
    try root.write([1.0], shape: [], as: "b")
    try root.createHardLink("c", to: "b")
    try root.createSoftLink("a", to: "/b")
    try root.createExternalLink("d", to: "/b", in: "other.h5")
    _ = try root.createGroup("e")
    #expect(
      try root.links() == [
        HDF5Link(name: "a", kind: .soft), HDF5Link(name: "b", kind: .hard),
        HDF5Link(name: "c", kind: .hard), HDF5Link(name: "d", kind: .external),
        HDF5Link(name: "e", kind: .hard),
      ])
    #expect(try root.kind(of: "b") == .dataset)
    #expect(try root.kind(of: "e") == .group)
    #expect(throws: HDF5Error.self) { _ = try root.dataset("d") }
    #expect(throws: HDF5Error.unsuitable(object: "/", problem: "has more than 4 members")) {
      try root.links(maximumCount: 4)
    }
  }

  @Test("everything that was opened is closed, also where something failed")
  func closing() async {
    // In a process of its own, where no other test holds a file.
    await #expect(processExitsWith: .success) {
      let image = try Self.sample()
      do {
        let file = try HDF5File(bytes: image)
        let group = try file.root().group("numbers")
        let dataset = try group.dataset("f32")
        #expect(try HDF5Library.openObjectCount >= 3)
        #expect(throws: HDF5Error.self) { try dataset.read(Double.self, maximumBytes: 100) }
        #expect(throws: HDF5Error.self) { _ = try file.root().dataset("numbers") }
        #expect(throws: HDF5Error.self) { try group.textAttribute("none") }
        #expect(throws: HDF5Error.self) { _ = try HDF5File(bytes: Array(image.dropLast(100))) }
        #expect(group.path == "/numbers")
      }
      #expect(try HDF5Library.openObjectCount == 0)
    }
  }

  @Test("files are used from many threads at once")
  func threads() async throws {
    let expected = try Self.sample()
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<64 {
        group.addTask { try Self.sample() == expected }
      }
      for try await same in group { #expect(same) }
    }
  }
}
