/// Makes pickles of PyTorch, and archives around them, of which a test may choose each byte.
enum Pickle {
  static func text(_ text: String) -> [UInt8] {
    [UInt8(ascii: "X")] + little(text.utf8.count, 4) + Array(text.utf8)
  }

  static func integer(_ value: Int) -> [UInt8] { [0x8A, 8] + little(value, 8) }

  static func global(_ module: String, _ name: String) -> [UInt8] {
    Array("c\(module)\n\(name)\n".utf8)
  }

  static func tuple(_ parts: [[UInt8]]) -> [UInt8] {
    Array("(".utf8) + parts.flatMap { $0 } + Array("t".utf8)
  }

  /// Puts the tensor of storage `0` on the stack.
  static func rebuilt(
    offset: Int, shape: [Int], strides: [Int], storage: String = "FloatStorage"
  ) -> [UInt8] {
    let identifier = tuple([
      text("storage"), global("torch", storage), text("0"), text("cpu"), integer(24),
    ])
    let arguments = tuple([
      identifier + Array("Q".utf8), integer(offset), tuple(shape.map(integer)),
      tuple(strides.map(integer)), [0x89],
    ])
    return global("torch._utils", "_rebuild_tensor_v2") + arguments + Array("R".utf8)
  }

  static func tensor(offset: Int, shape: [Int], strides: [Int]) -> [UInt8] {
    [0x80, 2] + rebuilt(offset: offset, shape: shape, strides: strides) + Array(".".utf8)
  }

  /// An archive with a pickle and a storage of 24 numbers in single precision.
  static func archive(_ pickle: [UInt8]) -> [UInt8] {
    let numbers = (0..<24).flatMap { little(Int(Float($0).bitPattern), 4) }
    return zip([("a/data.pkl", pickle), ("a/data/0", numbers)])
  }

  /// A zip archive of stored members.
  static func zip(_ members: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    for (name, bytes) in members {
      let shared =
        little(0, 2) + little(0, 2) + little(0, 4) + little(Int(crc(bytes)), 4)
        + little(bytes.count, 4) + little(bytes.count, 4) + little(name.utf8.count, 2)
        + little(0, 2)
      directory +=
        little(0x0201_4B50, 4) + little(10, 2) + little(10, 2) + shared + little(0, 10)
        + little(archive.count, 4) + Array(name.utf8)
      archive += little(0x0403_4B50, 4) + little(10, 2) + shared + Array(name.utf8) + bytes
    }
    return archive + directory + little(0x0605_4B50, 4) + little(0, 4) + little(members.count, 2)
      + little(members.count, 2) + little(directory.count, 4) + little(archive.count, 4)
      + little(0, 2)
  }
}
