import HDF5
import Testing

@Suite struct HDF5ContentsTests {
  private func contents(
    _ bytes: [UInt8], _ change: (inout HDF5Contents.Limits) -> Void = { _ in }
  ) throws -> HDF5Contents.Group {
    var limits = HDF5Contents.Limits(bytes: bytes.count)
    change(&limits)
    return try HDF5Contents.extract(from: bytes, limits)
  }

  @Test("everything that was written is taken out, bit for bit")
  func extraction() throws {
    let root = try contents(try HDF5FileTests.sample())
    #expect(try root.textAttribute("text") == "größer")
    #expect(try root.textAttribute("empty") == "")
    #expect(try root.attribute("integer", Int64.self) == -42)
    #expect(try root.attribute("double", Double.self) == 0.1)
    #expect(try root.dataset("json").text() == "{\"a\": [1, 2]}")
    let group = try root.group("numbers")
    #expect(group.path == "/numbers" && group.attributes.isEmpty)
    #expect(
      try group.dataset("f32").numbers(Float.self)
        == [1.5, -2, .greatestFiniteMagnitude, 0, 4, 5])
    #expect(try group.dataset("f32").shape == [2, 3])
    #expect(try group.dataset("f64").numbers(Double.self) == [0.1, -.infinity])
    #expect(try group.dataset("i64").numbers(Int64.self) == [.min, .max])
    #expect(try group.dataset("u64").numbers(UInt64.self) == [.max])
    #expect(try group.dataset("none").numbers(Double.self) == [])
  }

  @Test("what is asked for and is something else is named")
  func mismatches() throws {
    let root = try contents(try HDF5FileTests.sample())
    func problem(_ body: () throws -> Void) -> String {
      do { try body() } catch { return "\(error)" }
      return ""
    }
    #expect(problem { _ = try root.group("none") } == "/none: missing")
    #expect(problem { _ = try root.group("json") } == "/json: not a group")
    #expect(problem { _ = try root.dataset("numbers") } == "/numbers: not a dataset")
    #expect(
      problem { _ = try root.dataset("json").numbers(Float.self) }
        == "/json: holds text, not float32")
    let group = try root.group("numbers")
    #expect(
      problem { _ = try group.dataset("f32").numbers(Double.self) }
        == "/numbers/f32: holds float32, not float64")
    #expect(
      problem { _ = try group.dataset("u64").text() }
        == "/numbers/u64: holds uint64, not one text of fixed length")
    #expect(problem { _ = try root.textAttribute("x") } == "attribute 'x' of /: missing")
    #expect(
      problem { _ = try root.textAttribute("integer") }
        == "attribute 'integer' of /: not a text of fixed length")
    #expect(
      problem { _ = try root.attribute("double", Int64.self) }
        == "attribute 'double' of /: not one number of type int64")
  }

  @Test("contents come to another process as they were")
  func encoding() throws {
    let root = try contents(try HDF5FileTests.sample())
    let bytes = HDF5Contents.encode(.success(root))
    #expect(try HDF5Contents.decode(bytes)?.get() == root)
    let failure = HDF5Error.unsuitable(object: "/x", problem: "größer")
    #expect(HDF5Contents.decode(HDF5Contents.encode(.failure(failure))) == .failure(failure))
  }

  @Test("an answer that is cut, lengthened or of another version is none")
  func damagedAnswers() throws {
    var bytes = HDF5Contents.encode(.success(try contents(try HDF5FileTests.sample())))
    for count in bytes.indices {
      #expect(HDF5Contents.decode(Array(bytes[..<count])) == nil, "\(count) bytes")
    }
    #expect(HDF5Contents.decode(bytes + [0]) == nil)
    bytes[13] = UInt8(ascii: "2")
    #expect(HDF5Contents.decode(bytes) == nil)
  }

  @Test("whatever an answer says, it is read without harm")
  func hostileAnswers() throws {
    let bytes = HDF5Contents.encode(.success(try contents(try HDF5FileTests.sample())))
    for index in bytes.indices {
      for value in [0, 1, 3, 0x7F, 0xFF] as [UInt8] {
        var changed = bytes
        changed[index] = value
        guard case .success(let root)? = HDF5Contents.decode(changed) else { continue }
        // Shapes and elements may disagree now; reading them must notice.
        for name in root.members.keys { _ = try? root.dataset(name).text() }
        guard let group = try? root.group("numbers") else { continue }
        for name in group.members.keys {
          guard let dataset = try? group.dataset(name) else { continue }
          _ = try? dataset.numbers(Float.self)
          _ = try? dataset.numbers(Double.self)
        }
      }
    }
  }

  @Test("bounds hold for a file with more names than things")
  func limits() throws {
    let file = try HDF5File()
    let root = try file.root()
    try root.write([Double](repeating: 1, count: 1000), shape: [1000], as: "a")
    for index in 0..<20 { try root.createHardLink("\(index)", to: "a") }
    try root.createHardLink("loop", to: ".")
    let bytes = try file.image()
    // A file's own length is the bound for its elements, however many names they have.
    #expect(throws: HDF5Error.unsuitable(object: "/", problem: "has too many objects")) {
      try contents(bytes) { $0.objects = 10 }
    }
    let found = try contents(bytes) { $0.depth = 3 }
    #expect(throws: HDF5Error.unsuitable(object: "/a", problem: "too large")) {
      try found.dataset("a").numbers(Double.self)
    }
    #expect(try found.dataset("0").numbers(Double.self).count == 1000)
    #expect(
      throws: HDF5Error.unsuitable(object: "/loop/loop/loop", problem: "nested too deeply")
    ) { try found.group("loop").group("loop").group("loop") }
  }
}
