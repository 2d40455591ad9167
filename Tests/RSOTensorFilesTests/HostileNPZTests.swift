import Foundation
import RSOTensorFiles
import TestSupport
import Testing

@Suite("Npz files that are not what they should be")
struct HostileNPZTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var what: String
    var problem: String
    var bytes: [UInt8]
    var testDescription: String { what }

    init(_ what: String, _ problem: String, _ bytes: [UInt8]) {
      (self.what, self.problem, self.bytes) = (what, problem, bytes)
    }

    /// An archive changed in a field.
    init(_ what: String, _ problem: String, change: (inout Archive) -> Void) {
      var archive = Archive()
      change(&archive)
      self.init(what, problem, archive.bytes)
    }

    /// An archive whose array is another file.
    init(_ what: String, _ problem: String, array: [UInt8]) {
      self.init(what, problem, Archive(array: array).bytes)
    }
  }

  static let archives: [Row] = [
    Row("nothing", "no directory", []),
    Row("bytes that are no archive", "no directory", Array("no archive of any kind at all".utf8)),
    Row("a directory alone cut short", "no directory", Archive().bytes.dropLast(1)),
    Row("an empty archive", "without a numpy array") { ($0.count, $0.copies) = (0, 0) },
    Row("no array in it", "without a numpy array") { $0.name = "README" },
    Row("an absolute name", "leads elsewhere") { $0.name = "/etc/w.npy" },
    Row("a name that climbs", "leads elsewhere") { $0.name = "a/../../w.npy" },
    Row("a name with a drive", "leads elsewhere") { $0.name = "C:w.npy" },
    Row("a name with a backslash", "leads elsewhere") { $0.name = "..\\w.npy" },
    Row("an empty name", "leads elsewhere") { $0.name = "" },
    Row("a name with a NUL", "leads elsewhere") { $0.name = "w\0.npy" },
    Row("two members of one name", "there twice") { ($0.count, $0.copies) = (2, 2) },
    Row("more members than stated", "more than 1 members") { $0.copies = 2 },
    Row("fewer members than stated", "directory is damaged") { $0.count = 2 },
    Row("a wrong CRC", "CRC-32") { $0.checksum ^= 1 },
    Row("encrypted", "encrypted") { $0.flags = 1 },
    Row("a method that is not known", "method 12") { $0.method = 12 },
    Row("another name in its own header", "differs from the directory") { $0.localName = "v.npy" },
    Row("other flags in its own header", "differs from the directory") { $0.localFlags = 8 },
    Row("an unpacked size that is too small", "not") { $0.size -= 1 },
    Row("an unpacked size that is too large", "not") { $0.size += 1 },
    Row("a stored size beyond the end", "ends early") {
      ($0.storedSize, $0.size) = (100_000, 100_000)
    },
    Row("the largest stored size", "too large") { $0.storedSize = 0xFFFF_FFFF },
    Row("an offset beyond the end", "begins after the end") { $0.offset = 1 << 20 },
    Row("an offset into the array", "no header") { $0.offset = 4 },
    Row("another part", "several parts") { $0.disk = 1 },
    Row("two counts", "several parts") { $0.totalCount = 2 },
    Row("a directory beyond the end", "not where it says") { $0.directoryOffset = 1 << 30 },
    Row("a directory of another size", "not where it says") { $0.directorySize = 10 },
    Row("something after the end", "no directory") { $0.tail = [0] },
    Row("deflated bytes that are none", "damaged") { $0.method = 8 },
    Row("a bomb that says so", "cannot have") {
      ($0.method, $0.stored, $0.size) = (8, .zeros(repeats: 10), 1 << 19)
    },
    Row("a bomb that says less", "damaged") {
      $0.deflate(zeros: 1000, repeats: 100_000)
    },
    Row("more than may be unpacked", "more than 1048576 bytes") {
      $0.deflate(zeros: 100_000 * 258 + 1, repeats: 100_000)
    },
    Row("a deflated array followed by something", "damaged") {
      $0.deflate(zeros: 4 * 258 + 1, repeats: 4)
      $0.stored += [1, 2, 3]
    },
  ]

  static let arrays: [Row] = [
    Row("no array of numpy's", "not an array", array: Array("text".utf8)),
    Row("an empty array file", "not an array", array: []),
    Row(
      "an unknown version", "version is 9",
      array: .npy(magic: [0x93] + Array("NUMPY".utf8) + [9, 0])),
    Row("a header longer than the file", "ends early", array: .npy(headerSize: 5000)),
    Row("pickled objects", "pickled", array: .npy(header: header("|O", "(2,)"))),
    Row(
      "records", "not an array of numbers",
      array: .npy(header: "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }")),
    Row(
      "a type that is no number's", "is neither a number type",
      array: .npy(header: header("<M8", "(1,)"))),
    Row(
      "a type without order", "is neither a number type", array: .npy(header: header("f4", "(2,)"))),
    Row("an empty type", "is neither a number type", array: .npy(header: header("", "(2,)"))),
    Row("too few bytes", "8 bytes for", array: .npy(header: header("<f4", "(3,)"))),
    Row("too many bytes", "8 bytes for", array: .npy(header: header("<f4", "(1,)"))),
    Row(
      "a huge shape", "8 bytes for", array: .npy(header: header("<f4", "(99999999999, 9999999999)"))
    ),
    Row(
      "a shape that is no number", "not a description",
      array: .npy(header: header("<f4", "(99999999999999999999,)"))),
    Row("a negative shape", "not a description", array: .npy(header: header("<f4", "(-2,)"))),
    Row(
      "too many dimensions", "not a description",
      array: .npy(header: header("<f4", "(" + String(repeating: "1, ", count: 40) + ")"))),
    Row("an empty header", "ends early", array: .npy(header: "")),
    Row(
      "no shape", "not a description",
      array: .npy(header: "{'descr': '<f4', 'fortran_order': False}")),
    Row(
      "a key twice", "twice",
      array: .npy(header: "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}")
    ),
    Row("an unknown key", "it is not known", array: .npy(header: "{'x': '<f4'}")),
    Row("a call instead of a value", "not an array", array: .npy(header: "{'descr': print()}")),
    Row(
      "something after the description", "not a description",
      array: .npy(header: header("<f4", "(2,)") + "x")),
    Row("a text that is not one", "invalid character", array: .npy(header: header("<U2", "()"))),
  ]

  private static func header(_ type: String, _ shape: String) -> String {
    "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
  }

  @Test("the archive that the others are made from is good")
  func good() throws {
    #expect(try TensorList(npz: Archive().bytes)["w"]?.floats() == [1, -2])
    var deflated = Archive()
    let zeros = [UInt8](repeating: 0, count: 259)
    let array = [UInt8].npy(header: Self.header("|u1", "(259,)"), data: zeros)
    // The array's beginning is stored, what follows is deflated.
    let plain = Array(array.dropLast(259))
    deflated.stored =
      [0] + little(plain.count, 2) + little(~plain.count, 2) + plain + .zeros(repeats: 1)
    (deflated.method, deflated.size, deflated.checksum) = (8, array.count, crc(array))
    deflated.comment = Array("with a comment".utf8)
    #expect(try TensorList(npz: deflated.bytes)["w"]?.bytes.elementsEqual(zeros) == true)
  }

  @Test("an array without numbers may have any shape")
  func empty() throws {
    let header = Self.header("<f4", "(4611686018427387904, 0)").replacing("False", with: "True")
    let file = try TensorList(npz: Archive(array: .npy(header: header, data: [])).bytes)
    #expect(file["w"]?.floats() == [])
  }

  @Test("is refused", arguments: archives + arrays)
  func refused(row: Row) throws {
    let error = #expect(throws: TensorFileError.self) {
      try TensorList(npz: row.bytes, maximumSize: 1 << 20)
    }
    let message = "\(try #require(error))"
    #expect(message.contains(row.problem), "\(message)")
  }

  @Test("pickled objects by numpy are refused")
  func pickled() throws {
    let bytes = [UInt8](try Fixtures.data("tensors/pickled.npz"))
    let error = #expect(throws: TensorFileError.self) { try TensorList(npz: bytes) }
    #expect(try #require(error).problem.contains("pickled objects"))
  }

  @Test("overlapping members are refused")
  func overlap() throws {
    // The second member's header lies in the first one's content.
    let inner = Archive()
    let innerMember = Array(inner.bytes.prefix(30 + 5 + inner.stored.count))
    var outer = Archive(array: innerMember)
    outer.name = "v.npy"
    var bytes = Array(outer.bytes.prefix(30 + 5 + innerMember.count))
    let directoryOffset = bytes.count
    for (name, size, offset, checksum) in [
      ("v.npy", innerMember.count, 0, outer.checksum), ("w.npy", inner.size, 35, inner.checksum),
    ] {
      bytes +=
        little(0x0201_4B50, 4) + little(10, 2) + little(10, 2) + little(0, 8)
        + little(Int(checksum), 4) + little(size, 4) + little(size, 4) + little(5, 2)
        + little(0, 12) + little(offset, 4) + Array(name.utf8)
    }
    bytes +=
      little(0x0605_4B50, 4) + little(0, 4) + little(2, 2) + little(2, 2)
      + little(bytes.count - directoryOffset, 4) + little(directoryOffset, 4) + little(0, 2)
    let error = #expect(throws: TensorFileError.self) { try TensorList(npz: bytes) }
    #expect(try #require(error).problem == "its members overlap")
  }

  @Test("every cut and every changed byte is refused or changes no number unseen")
  func damage() throws {
    let good = Archive().bytes
    for count in good.indices {
      #expect(throws: TensorFileError.self) { try TensorList(npz: Array(good[..<count])) }
    }
    for place in good.indices {
      var bytes = good
      bytes[place] ^= 0x55
      guard let file = try? TensorList(npz: bytes) else { continue }
      #expect(file.tensors.map { $0.floats() } == [[1, -2]], "byte \(place)")
    }
  }
}
