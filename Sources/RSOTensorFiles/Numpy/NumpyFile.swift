import RSOSystem

/// A file of numpy's on disk: an npz archive, or an npy file with one array. Only names, types and shapes
/// are read when it is opened; elements are read when they are asked for, one part after the other.
package struct NumpyFile: Sendable {
  /// An array that was found, or the reason why it cannot be read.
  package struct Item: Sendable {
    package var name: String
    /// The reason does not name the array.
    package var array: Result<NumpyArray, TensorFileError>
    /// The description in the file; nil where it cannot be read.
    var header: NPYHeader?
    var place: Place?
  }

  /// The place of an array's file: a member of an archive, or a whole file.
  enum Place: Sendable {
    case member(ZIPDirectory.Entry, content: Range<Int>, header: Int)
    case file(header: Int)
  }

  package let path: String
  /// In the order of the file.
  package let items: [Item]
  /// The names of an archive's members that are no arrays.
  let otherMembers: [String]
  /// `npz` or `npy`, for messages.
  package let format: String

  private static let suffix = ".npy"
  private static let archiveStart = Array("PK".utf8)

  /// Opens a file.
  ///
  /// - Parameter isArchive: Nil to take a file that begins as a zip archive for one.
  ///
  /// *Throws:* `TensorFileError` for a file that is not one of numpy's, or cannot be read;
  /// `FileReadError.cannotOpen` is passed on as its problem.
  package init(_ path: String, isArchive: Bool? = nil) throws(TensorFileError) {
    let file: InputFile
    do throws(FileReadError) { file = try InputFile(path) } catch {
      throw TensorFileError(format: "npy", problem: error.reason)
    }
    self.path = path
    let beginsAsArchive = file.holds(Self.archiveStart, at: 0)
    if isArchive ?? beginsAsArchive {
      format = "npz"
      (items, otherMembers) = try Self.members(of: file)
    } else {
      format = "npy"
      items = [try Self.whole(file)]
      otherMembers = []
    }
  }

  private static func whole(_ file: borrowing InputFile) throws(TensorFileError) -> Item {
    do throws(NPYError) {
      let (header, size) = try header { (count, start) throws(NPYError) in
        do throws(FileReadError) { return try file.bytes(count, at: start)[...] } catch {
          throw NPYError(problem: error.reason)
        }
      }
      var item = Item(name: "", array: array(header, name: "", size: file.size - size))
      (item.header, item.place) = (header, .file(header: size))
      return item
    } catch {
      throw TensorFileError(format: "npy", problem: error.problem)
    }
  }

  private static func array(
    _ header: NPYHeader, name: String, size: Int, format: String = "npy"
  ) -> Result<NumpyArray, TensorFileError> {
    do throws(NPYError) {
      return .success(try NumpyArray(header, name: name, size: size))
    } catch {
      return .failure(TensorFileError(format: format, problem: error.problem))
    }
  }

  private static func members(
    of file: borrowing InputFile
  ) throws(TensorFileError) -> ([Item], others: [String]) {
    do throws(ZIPError) {
      var items: [Item] = []
      var others: [String] = []
      for (entry, content) in try ZIPReader.located(in: file) {
        if entry.name.hasSuffix(suffix) {
          items.append(item(entry, content, in: file))
        } else if !entry.name.hasSuffix("/") {
          others.append(entry.name)
        }
      }
      guard !items.isEmpty else { throw ZIPError(problem: "a zip archive without a numpy array") }
      return (items, others)
    } catch {
      throw TensorFileError(
        format: "npz", problem: error.problem + (error.isCut ? "; its end may be missing" : ""))
    }
  }

  /// The description of a member; its own problem does not keep the other members from being read.
  private static func item(
    _ entry: ZIPDirectory.Entry, _ content: Range<Int>, in file: borrowing InputFile
  ) -> Item {
    let name = String(entry.name.dropLast(suffix.count))
    do throws(NPYError) {
      var reader: ZIPMemberReader
      do throws(ZIPError) { reader = try ZIPMemberReader(entry, content) } catch {
        throw NPYError(problem: error.problem)
      }
      let (header, size) = try header { (count, _) throws(NPYError) in
        try bytes(count, of: &reader, in: file)
      }
      var item = Item(
        name: name, array: array(header, name: name, size: entry.size - size, format: "npz"))
      (item.header, item.place) = (header, .member(entry, content: content, header: size))
      return item
    } catch {
      return Item(
        name: name, array: .failure(TensorFileError(format: "npz", problem: error.problem)))
    }
  }

  private static func bytes(
    _ count: Int, of reader: inout ZIPMemberReader, in file: borrowing InputFile
  ) throws(NPYError) -> ArraySlice<UInt8> {
    var bytes = [UInt8](repeating: 0, count: count)
    var failure: ZIPError?
    let read = bytes.withUnsafeMutableBytes { buffer in
      do throws(ZIPError) { return try reader.read(into: buffer, from: file) } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw NPYError(problem: failure.problem) }
    return bytes.prefix(read)
  }

  /// Reads a header by a function that returns the bytes at the current position.
  private static func header(
    _ next: (_ count: Int, _ start: Int) throws(NPYError) -> ArraySlice<UInt8>
  ) throws(NPYError) -> (NPYHeader, size: Int) {
    let prefix = try next(NPYHeader.prefixSize, 0)
    let size = try NPYHeader.size(prefix)
    guard size >= prefix.count else {
      throw NPYError(problem: "its header ends early, or is too long")
    }
    return try NPYHeader.read(prefix + (try next(size - prefix.count, prefix.count)))
  }
}

extension NumpyFile {
  /// Reads all elements of an array, in the order and byte order of the file. `body` gets whole
  /// elements, at most `partSize` bytes of them at a time, or one element.
  ///
  /// *Throws:* `TensorFileError`, or an error of `body`.
  package func read(
    _ item: Item, partSize: Int = 1 << 16, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let array = try item.array.get()
    guard let place = item.place else { return }
    let element = max(1, array.element.size)
    let part = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(1, partSize / element) * element, alignment: 16)
    defer { part.deallocate() }
    do {
      let file = try InputFile(path)
      switch place {
      case .file(let header):
        try Self.pass(array.byteCount, through: part, body) { room, position in
          try file.read(into: room, at: header + position)
        }
      case .member(let entry, let content, let header):
        guard content.upperBound <= file.size else {
          throw ZIPError(problem: "it has become shorter")
        }
        var reader = try ZIPMemberReader(entry, content)
        _ = try Self.bytes(header, of: &reader, in: file)
        try Self.pass(array.byteCount, through: part, body) { room, _ in
          try reader.read(into: room, from: file)
        }
        // The end, where the checksum is compared.
        let rest = UnsafeMutableRawBufferPointer(rebasing: part[..<1])
        guard try reader.read(into: rest, from: file) == 0 else {
          throw ZIPError(problem: "it has changed")
        }
      }
    } catch let error as ZIPError {
      throw problem(error.problem, item)
    } catch let error as NPYError {
      throw problem(error.problem, item)
    } catch let error as FileReadError {
      throw problem(error.reason, item)
    }
  }

  private func problem(_ text: String, _ item: Item) -> TensorFileError {
    let subject = item.name.isEmpty ? "" : "array \(quoted(item.name)): "
    return TensorFileError(format: format, problem: subject + text)
  }

  private static func pass(
    _ count: Int, through part: UnsafeMutableRawBufferPointer,
    _ body: (UnsafeRawBufferPointer) throws -> Void,
    read: (UnsafeMutableRawBufferPointer, _ position: Int) throws -> Int
  ) throws {
    var position = 0
    while position < count {
      let wanted = min(part.count, count - position)
      let room = UnsafeMutableRawBufferPointer(rebasing: part[..<wanted])
      guard try read(room, position) == wanted else {
        throw ZIPError(problem: "it has become shorter")
      }
      try body(UnsafeRawBufferPointer(room))
      position += wanted
    }
  }
}
