import HDF5
import Testing

@Suite("h5py's compression lzf") struct LZFTests {
  private func decompress(_ bytes: [UInt8], room: Int) -> [UInt8]? {
    var output = [UInt8](repeating: 0, count: room)
    let count = output.withUnsafeMutableBytes { output in
      bytes.withUnsafeBytes { LZF.decompress($0, into: output) }
    }
    return count.map { Array(output.prefix($0)) }
  }

  @Test("literals, short and long copies, and copies that overlap themselves are undone")
  func runs() {
    #expect(decompress([], room: 4) == [])
    #expect(decompress([2, 7, 8, 9], room: 3) == [7, 8, 9])
    // Length 1 + 2, distance 2 + 1.
    #expect(decompress([2, 7, 8, 9, 0x20, 2], room: 6) == [7, 8, 9, 7, 8, 9])
    // Length 7 + 2 + 3, distance 1.
    #expect(
      decompress([0, 5, 0xE0, 3, 0], room: 13) == [UInt8](repeating: 5, count: 13))
  }

  static let malformed: [(String, [UInt8], Int)] = [
    ("literals that are not there", [3, 1, 2], 10),
    ("a copy without its distance", [0, 1, 0x20], 10),
    ("a long copy without its length", [0, 1, 0xE0], 10),
    ("a long copy without its distance", [0, 1, 0xE0, 1], 10),
    ("a copy from before the beginning", [0, 1, 0x20, 1], 10),
    ("a copy at the beginning", [0x20, 0], 10),
    ("literals beyond the room", [2, 1, 2, 3], 2),
    ("a copy beyond the room", [0, 1, 0x20, 0], 3),
  ]

  @Test("a malformed stream is refused", arguments: malformed)
  func refused(name: String, bytes: [UInt8], room: Int) {
    #expect(decompress(bytes, room: room) == nil)
  }
}
