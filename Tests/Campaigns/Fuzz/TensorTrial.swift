import RSOTensorFiles

/// The readers of tensor files, given arbitrary bytes.
enum TensorTrial {
  /// The most bytes of all tensors that are read.
  private static let largest = 1 << 26

  static func read(_ bytes: [UInt8], as format: TensorFileFormat? = nil) {
    MemoryFile.shared.hold(bytes)
    guard let file = try? TensorFile.open(MemoryFile.shared.path, format: format) else { return }
    readAll(file)
  }

  private static func readAll(_ file: TensorFile) {
    let part = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { part.deallocate() }
    var rest = largest
    for entry in file.entries {
      guard entry.storage != nil else {
        precondition(entry.problem?.isEmpty == false)
        continue
      }
      if let size = entry.byteCount {
        if size > rest { continue }
        rest -= size
      }
      guard let reader = try? file.reader(of: entry) else { continue }
      var total = 0
      while let count = try? reader.read(into: part), count > 0 { total += count }
      precondition(entry.byteCount.map { total <= $0 } ?? true)
    }
  }

  // MARK: PyTorch

  /// Reads the bytes as the pickle of an archive with two storages.
  static func readPickle(_ bytes: [UInt8]) {
    let numbers = (0..<96).map { UInt8($0) }
    read(
      archive([("a/data.pkl", bytes), ("a/data/0", numbers), ("a/data/1", Array(numbers[..<8]))]),
      as: .pytorch)
  }

  /// A zip archive of stored members without checksums, as PyTorch writes it if it is told to.
  private static func archive(_ members: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    for (name, bytes) in members {
      let shared =
        little(0, 12) + little(bytes.count, 4) + little(bytes.count, 4)
        + little(name.utf8.count, 2) + little(0, 2)
      directory += little(0x0201_4B50, 4) + little(0, 4) + shared + little(0, 10)
      directory += little(archive.count, 4) + Array(name.utf8)
      archive += little(0x0403_4B50, 4) + little(0, 2) + shared + Array(name.utf8) + bytes
    }
    return archive + directory + little(0x0605_4B50, 4) + little(0, 4) + little(members.count, 2)
      + little(members.count, 2) + little(directory.count, 4) + little(archive.count, 4)
      + little(0, 2)
  }

  private static func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
  }

  // MARK: Sets of files

  /// A file that an index can name.
  private static let shard: MemoryFile = {
    let file = MemoryFile()
    let header =
      #"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
      + #""v":{"dtype":"I8","shape":[1],"data_offsets":[8,9]}}"#
    file.hold(little(header.utf8.count, 8) + Array(header.utf8) + little(0, 9))
    return file
  }()

  /// Reads the bytes as an index; `SHARD` in them is the name of a file beside it.
  static func readIndex(_ bytes: [UInt8]) {
    var text = bytes
    let name = Array(shard.path.utf8.suffix(while: { $0 != UInt8(ascii: "/") }))
    while let place = text.firstRange(of: "SHARD".utf8) { text.replaceSubrange(place, with: name) }
    MemoryFile.shared.hold(text)
    guard let file = try? TensorFile.open(MemoryFile.shared.path) else { return }
    readAll(file)
  }
}

extension BidirectionalCollection {
  /// The elements after the last one that does not fulfil the condition.
  fileprivate func suffix(while isIn: (Element) -> Bool) -> SubSequence {
    var start = endIndex
    while start > startIndex, isIn(self[index(before: start)]) { start = index(before: start) }
    return self[start...]
  }
}
