import HDF5
import Testing

@Suite struct HDF5ErrorTests {
  @Test("a failure of libhdf5 is one line that names the outermost and the innermost cause")
  func message() throws {
    let bytes = [UInt8](repeating: 7, count: 4096)
    let error = try #require(throws: HDF5Error.self) { _ = try HDF5File(bytes: bytes) }
    #expect(
      error.description
        == "cannot open a file in memory: unable to open file (file signature not found)")
  }

  @Test("no bytes at all are refused")
  func empty() {
    #expect(throws: HDF5Error.self) { _ = try HDF5File(bytes: []) }
  }

  @Test("every truncation of a file is refused")
  func truncation() throws {
    let image = try HDF5FileTests.sample()
    for count in stride(from: 0, to: image.count, by: 97) {
      #expect(throws: HDF5Error.self, "\(count) bytes") {
        _ = try HDF5File(bytes: Array(image.prefix(count)))
      }
    }
  }

  @Test("a missing object is named by its path")
  func missing() throws {
    let file = try HDF5File()
    let group = try file.root().createGroup("a")
    let error = try #require(throws: HDF5Error.self) { _ = try group.dataset("b") }
    #expect(error.description.hasPrefix("cannot open dataset '/a/b': "))
    #expect(throws: HDF5Error.unsuitable(object: "attribute 'x' of /a", problem: "missing")) {
      try group.textAttribute("x")
    }
  }

  @Test("an object of another kind, type, shape or size is refused before it is read")
  func unsuitable() throws {
    let file = try HDF5File(bytes: try HDF5FileTests.sample())
    let root = try file.root()
    let group = try root.group("numbers")
    let table: [(String, () throws -> Void)] = [
      ("/numbers: not a dataset", { _ = try root.dataset("numbers") }),
      (
        "/numbers/f32: holds float32, not float64",
        { _ = try group.dataset("f32").read(Double.self, maximumBytes: 100) }
      ),
      (
        "/numbers/f32: too large",
        { _ = try group.dataset("f32").read(Float.self, maximumBytes: 23) }
      ),
      (
        "/numbers/f64: holds float64, not one text of fixed length",
        { _ = try group.dataset("f64").readText(maximumBytes: 100) }
      ),
      ("/json: too large", { _ = try root.dataset("json").readText(maximumBytes: 5) }),
      (
        "attribute 'text' of /: holds text, not int64",
        { _ = try root.attribute("text", Int64.self) }
      ),
      (
        "attribute 'double' of /: not a text of fixed length",
        { _ = try root.textAttribute("double") }
      ),
    ]
    for (message, action) in table {
      let error = try #require(throws: HDF5Error.self) { try action() }
      #expect(error.description == message)
    }
  }

  @Test("elements that are not one plain run of bytes in the file are recognised")
  func storage() throws {
    let file = try HDF5File()
    let root = try file.root()
    let values = [Double](repeating: 1, count: 64)
    try root.write(
      values, shape: [8, 8], as: "chunked", storage: .chunked(shape: [4, 4], deflate: nil))
    try root.write(values, shape: [64], as: "deflated", storage: .chunked(shape: [64], deflate: 6))
    let wanted = HDF5Error.unsuitable(
      object: "/chunked", problem: "neither contiguous nor compact")
    #expect(throws: wanted) { try root.dataset("chunked").requirePlainStorage() }
    #expect(throws: HDF5Error.self) { try root.dataset("deflated").requirePlainStorage() }
    #expect(try root.dataset("deflated").read(Double.self, maximumBytes: 512) == values)
    try root.write([] as [Double], shape: [0], as: "external", storage: .external(file: "other"))
    #expect(
      throws: HDF5Error.unsuitable(
        object: "/external", problem: "its elements are in another file")
    ) { try root.dataset("external").requirePlainStorage() }
  }

  @Test("more dimensions than 8 are refused")
  func rank() throws {
    let file = try HDF5File()
    let root = try file.root()
    try root.write([1.0], shape: [Int](repeating: 1, count: 8), as: "eight")
    try root.write([1.0], shape: [Int](repeating: 1, count: 9), as: "nine")
    #expect(try root.dataset("eight").read(Double.self, maximumBytes: 8) == [1])
    #expect(
      throws: HDF5Error.unsuitable(object: "/nine", problem: "has 9 dimensions, more than 8")
    ) { _ = try root.dataset("nine") }
  }

  @Test("a text with a NUL inside is not written")
  func nul() throws {
    let file = try HDF5File()
    #expect(throws: HDF5Error.unsuitable(object: "/x", problem: "a text must not have a NUL")) {
      try file.root().write(text: "a\0b", as: "x")
    }
  }
}
