/// A zip archive with one array in it, of which a test may have any field otherwise.
struct Archive {
  var name = "w.npy"
  /// In the member's own header; nil: as in the directory.
  var localName: String?
  var flags = 0
  var localFlags: Int?
  var method = 0
  var checksum: UInt32
  var stored: [UInt8]
  var size: Int
  var storedSize: Int?
  var offset = 0
  var disk = 0
  var count = 1
  var totalCount: Int?
  var directoryOffset: Int?
  var directorySize: Int?
  var copies = 1
  var comment: [UInt8] = []
  var tail: [UInt8] = []

  init(array: [UInt8] = Array.npy()) {
    stored = array
    size = array.count
    checksum = crc(array)
  }

  var bytes: [UInt8] {
    let local = localName ?? name
    let archive =
      little(0x0403_4B50, 4) + little(10, 2) + little(localFlags ?? flags, 2) + little(method, 2)
      + little(0, 4) + little(Int(checksum), 4) + little(storedSize ?? stored.count, 4)
      + little(size, 4) + little(local.utf8.count, 2) + little(0, 2) + Array(local.utf8) + stored
    let entry =
      little(0x0201_4B50, 4) + little(10, 2) + little(10, 2) + little(flags, 2) + little(method, 2)
      + little(0, 4) + little(Int(checksum), 4) + little(storedSize ?? stored.count, 4)
      + little(size, 4) + little(name.utf8.count, 2) + little(0, 4) + little(disk, 2)
      + little(0, 6) + little(offset, 4) + Array(name.utf8)
    let directory = (0..<copies).flatMap { _ in entry }
    return archive + directory + little(0x0605_4B50, 4) + little(disk, 2) + little(0, 2)
      + little(count, 2) + little(totalCount ?? count, 2)
      + little(directorySize ?? directory.count, 4) + little(directoryOffset ?? archive.count, 4)
      + little(comment.count, 2) + comment + tail
  }
}

extension Archive {
  /// Makes the member a deflated array of bytes that states a number of zeros, and has 258 for each repeat
  /// and one more.
  mutating func deflate(zeros: Int, repeats: Int) {
    let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (\(zeros),), }"
    let plain = [UInt8].npy(header: header, data: [])
    // The array's beginning is stored, the zeros are deflated.
    stored =
      [0] + little(plain.count, 2) + little(~plain.count, 2) + plain + .zeros(repeats: repeats)
    (method, size) = (8, plain.count + zeros)
  }
}

extension [UInt8] {
  /// Numpy's file of two numbers, 1 and -2.
  static func npy(
    magic: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0],
    header: String = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n",
    headerSize: Int? = nil, data: [UInt8] = [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]
  ) -> [UInt8] {
    magic + little(headerSize ?? header.utf8.count, 2) + Array(header.utf8) + data
  }

  /// A raw deflate stream of zeros: a literal, then `repeats` times 258 zeros in 13 bits.
  static func zeros(repeats: Int) -> [UInt8] {
    var output: [UInt8] = []
    var bits: UInt64 = 0
    var count: UInt64 = 0
    func put(_ value: UInt64, _ width: UInt64) {
      bits |= value << count
      count += width
      while count >= 8 {
        output.append(UInt8(bits & 255))
        bits >>= 8
        count -= 8
      }
    }
    // Last block, fixed codes; the literal 0; length 258 and distance 1; the end of the block.
    put(0b011, 3)
    put(0b0000_1100, 8)
    for _ in 0..<repeats { put(0b0_0000_1010_0011, 13) }
    put(0, 7 + 8)
    return output
  }
}

func little(_ value: Int, _ count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

func crc(_ bytes: [UInt8]) -> UInt32 {
  ~bytes.reduce(~UInt32(0)) { sum, byte in
    (0..<8).reduce(sum ^ UInt32(byte)) { rest, _ in
      rest >> 1 ^ (rest & 1 == 1 ? 0xEDB8_8320 : 0)
    }
  }
}
