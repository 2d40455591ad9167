import HDF5
import HDF5Isolation
import RSOSystem

/// Reads HDF5 files: every dataset is an entry. libhdf5 parses the file in a process of its own.
enum HDF5Tensors {
  private static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Tells if a file has the signature, at its start or after a user block of up to 1 MiB. A user block
  /// with a line of rso's checkpoints is a damaged one: such a file is not another program's.
  static func recognizes(_ file: borrowing InputFile) throws(FileReadError) -> Bool {
    if file.holds(signature, at: 0) { return true }
    let block = try file.bytes(512, at: 0)
    for line in ["rso checkpoint ", "\nlength ", "\nsha256 ", "\ngenerator rso "]
    where block.firstRange(of: line.utf8) != nil { return false }
    var offset = 512
    while offset <= 1 << 20, offset < file.size {
      if file.holds(signature, at: offset) { return true }
      offset *= 2
    }
    return false
  }

  /// Reads the descriptions of all datasets.
  ///
  /// - Parameters:
  ///   - part: The bytes of the file that are the HDF5 file; nil for all.
  ///   - isAlone: True where other files cannot have elements of virtual datasets; so it is for a part.
  ///
  /// *Throws:* `TensorFileError`.
  static func open(
    _ file: borrowing InputFile, part: Range<Int>? = nil, isAlone: Bool = false
  ) throws(TensorFileError) -> TensorFile {
    var arrays: [HDF5Array]
    do {
      arrays = try ContentsProcess().arrays(of: file, part: part).get()
    } catch {
      throw TensorFileError(format: TensorFileFormat.hdf5.title, problem: "\(error)")
    }
    if isAlone || part != nil {
      for index in arrays.indices where !arrays[index].sources.isEmpty {
        arrays[index].problem = "it is virtual: its elements are in other files"
      }
    }
    let (path, whole) = (file.path, 0..<file.size)
    var entries = arrays.map { entry($0, path: path, part ?? whole, isPart: part != nil) }
    try readSmallArrays(&entries, of: file, part)
    return TensorFile(path: path, format: .hdf5, entries: entries)
  }

  // MARK: Small arrays

  /// The most bytes of an array that is read with its description, and of all of them.
  private static let (largestSmall, largestTogether) = (1 << 16, 1 << 26)
  /// A process takes about 7 ms to start: as long as libhdf5 takes for a megabyte. So a file with many
  /// small arrays that only libhdf5 can read is read by few processes. Each gets as many paths.
  private static let mostPathBytes = 100_000

  private static func readSmallArrays(
    _ entries: inout [TensorEntry], of file: borrowing InputFile, _ part: Range<Int>?
  ) throws(TensorFileError) {
    var batch: [(index: Int, array: HDF5Array)] = []
    var (pathBytes, rest) = (0, largestTogether)
    for index in entries.indices {
      guard case .stored(let storage) = entries[index].content,
        case .array(let array, _, _) = storage.place, array.sources.isEmpty,
        rest > 0
      else { continue }
      // The size of texts is not known before they are read; a larger one is left.
      let size =
        array.element == .text ? largestSmall : array.count * array.element.size
      guard size <= largestSmall else { continue }
      if pathBytes + array.path.utf8.count > mostPathBytes {
        try read(batch, into: &entries, of: file, part)
        (batch, pathBytes) = ([], 0)
      }
      batch.append((index, array))
      pathBytes += array.path.utf8.count + 1
      rest -= size
    }
    // One array is read when its elements are wanted.
    if batch.count > 1 { try read(batch, into: &entries, of: file, part) }
  }

  /// An array that cannot be read now stays as it is: whoever reads it gets the reason.
  private static func read(
    _ batch: [(index: Int, array: HDF5Array)], into entries: inout [TensorEntry],
    of file: borrowing InputFile, _ part: Range<Int>?
  ) throws(TensorFileError) {
    let answers: [[UInt8]?]
    do throws(ContentsProcessError) {
      answers = try ContentsProcess().smallArrays(
        batch.map(\.array), in: file, part: part, largest: largestSmall)
    } catch {
      throw TensorFileError(format: TensorFileFormat.hdf5.title, problem: "\(error)")
    }
    for ((index, array), bytes) in zip(batch, answers) {
      let size = array.count * array.element.size
      guard let bytes, entries[index].type == .text || bytes.count == size else { continue }
      entries[index].content = .stored(TensorStorage(memory: bytes[...]))
    }
  }

  private static func entry(
    _ array: HDF5Array, path: String, _ part: Range<Int>, isPart: Bool
  ) -> TensorEntry {
    let type: TensorType =
      array.type == "text"
      ? .text : TensorElementType(rawValue: array.type).map { .number($0) } ?? .other(array.type)
    let content: TensorEntry.Content
    if let problem = array.problem {
      content = .unreadable(problem)
    } else if array.isConverted || (type.element == nil && type != .text) {
      content = .unreadable("its floating-point numbers have a form that is not known")
    } else if let range = array.plainRange, range.upperBound <= part.count {
      content = .stored(
        TensorStorage(
          .file(path: path, offset: part.lowerBound + range.lowerBound), size: range.count))
    } else {
      let size = type == .text ? 0 : array.count * array.element.size
      content = .stored(
        TensorStorage(.array(array, path: path, part: isPart ? part : nil), size: size))
    }
    var entry = TensorEntry(name: array.path, type: type, shape: array.shape, content: content)
    entry.hasShape = array.hasShape
    return entry
  }
}
