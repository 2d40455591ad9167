import Foundation
import RSOTensorFiles
import TestSupport
import Testing

@Suite("Pickles that are not what they should be")
struct HostilePickleTests {
  private func open(_ pickle: [UInt8]) throws -> TensorFile {
    let memory = try MemoryFile(Pickle.archive(pickle))
    defer { withExtendedLifetime(memory) {} }
    return try #require(try TensorFile.open(memory.path))
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var problem: String
    var pickle: [UInt8]

    init(_ what: String, _ problem: String, _ pickle: [UInt8]) {
      (testDescription, self.problem, self.pickle) = (what, problem, pickle)
    }
  }

  static let rows: [Row] = [
    Row("nothing", "ends early", []),
    Row("no end", "ends early", [0x80, 2, UInt8(ascii: "N")]),
    Row("an end without a value", "damaged", [UInt8(ascii: ".")]),
    Row("an unknown instruction", "instruction 255", [0xFF]),
    Row("a mark that is not there", "damaged", Array("t.".utf8)),
    Row("a value below a mark", "damaged", Array("N(0.".utf8)),
    Row("a pair below a mark", "damaged", Array("NN(".utf8) + [0x86, UInt8(ascii: ".")]),
    Row("a memory that is not there", "damaged", [UInt8(ascii: "h"), 7, UInt8(ascii: ".")]),
    Row("a text longer than the file", "ends early", [0x8D] + little(1 << 40, 8)),
    Row("a text of more than 63 bits", "damaged", [0x8D] + little(-1, 8)),
    Row("a dictionary with a key alone", "damaged", Array("}(Nu.".utf8)),
    Row("a number that is filled", "no container", Array("NNa.".utf8)),
    Row("a class by a number", "damaged", Array("NN".utf8) + [0x93, UInt8(ascii: ".")]),
  ]

  @Test("a malformed pickle is an error", arguments: rows)
  func malformed(row: Row) throws {
    let error = #expect(throws: TensorFileError.self) { try open(row.pickle) }
    #expect(error?.problem.contains(row.problem) == true, "\(error?.problem ?? "")")
  }

  @Test("functions are named, not called")
  func call() throws {
    let pickle =
      Pickle.global("posix", "system") + Pickle.tuple([Pickle.text("touch /tmp/x")])
      + Array("R.".utf8)
    let file = try open(pickle)
    #expect(file.entries.map(\.type) == [.other("posix.system")])
    #expect(file.entries[0].problem == "it is an object of Python, which is not read")
  }

  @Test("a list within itself is read once, and its tensors are entries")
  func circle() throws {
    let tensor = Pickle.rebuilt(offset: 0, shape: [2], strides: [1])
    let file = try open(
      Array("]q".utf8) + [0] + Array("h".utf8) + [0] + Array("a".utf8) + tensor + Array("a.".utf8))
    #expect(file.entries.map(\.name) == ["1"])
  }

  @Test("deep nesting is named, and freed without a deep call")
  func depth() throws {
    let count = 200_000
    let pickle =
      [UInt8](repeating: UInt8(ascii: "]"), count: count)
      + [UInt8](repeating: UInt8(ascii: "a"), count: count - 1) + Array(".".utf8)
    let file = try open(pickle)
    #expect(file.entries.count == 1)
    #expect(file.entries[0].problem == "it is nested more than 100 times")
  }

  @Test("a small pickle that unfolds to many values is refused")
  func bomb() throws {
    // Each list has the one before it ten times.
    var pickle = Array("]Na".utf8)
    for level in 0..<20 {
      pickle += Array("q".utf8) + [UInt8(level)] + Array("0](".utf8)
      for _ in 0..<10 { pickle += Array("h".utf8) + [UInt8(level)] }
      pickle += Array("e".utf8)
    }
    let error = #expect(throws: TensorFileError.self) { try open(pickle + Array(".".utf8)) }
    #expect(error?.problem == "its pickle has more values than are read")
  }

  @Test("a storage that the archive does not have is named")
  func missing() throws {
    let pickle = Pickle.tensor(offset: 0, shape: [2], strides: [1])
    let memory = try MemoryFile(Pickle.zip([("a/data.pkl", pickle)]))
    let file = try #require(try TensorFile.open(memory.path))
    #expect(file.entries.map(\.problem) == ["the archive has no storage '0'"])
  }
}
