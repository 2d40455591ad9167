internal import Glibc
package import HDF5
package import RSOSystem

/// Arrays of any HDF5 file. The process gets the open file itself, not its bytes, and sends elements one
/// part after the other, so that neither side holds the file in memory.
extension ContentsProcess {
  /// The most bytes of the descriptions of all arrays.
  private static let largestDescription = 1 << 26

  /// Returns the arrays of a file, or of a part of its bytes, or the error of libhdf5. A virtual array whose other
  /// files are not in the file's directory has a problem.
  ///
  /// *Throws:* `ContentsProcessError`.
  package func arrays(
    of file: borrowing InputFile, part: Range<Int>? = nil
  ) throws(ContentsProcessError) -> Result<[HDF5Array], HDF5Error> {
    let process = try start(
      [Self.word, Self.place(part, of: file), "arrays"], reading: file)
    let answer = process.allOutput(maximumBytes: Self.largestDescription)
    if answer == nil { process.terminate() }
    let ending = process.reap()
    if let answer, let result = HDF5Array.decode(answer) {
      return result.map { arrays in
        arrays.map { array in
          var array = array
          if array.problem == nil { array.problem = Self.sourceProblem(array, near: file.path) }
          return array
        }
      }
    }
    throw failure(ending, hasAnswered: answer.map { !$0.isEmpty } ?? true)
  }

  /// Returns the elements of an array, row-major, in the form of `HDF5Array.Element`.
  ///
  /// *Throws:* `ContentsProcessError`.
  package func elements(
    of array: HDF5Array, in file: borrowing InputFile, part: Range<Int>? = nil
  ) throws(ContentsProcessError) -> ArrayElements {
    let sources = array.sources.flatMap { [$0, Self.source($0, near: file.path) ?? ""] }
    let process = try start(
      [Self.word, Self.place(part, of: file), "array", array.path] + sources, reading: file)
    return ArrayElements(process, path: array.path, of: self)
  }

  /// Reads several arrays that are not virtual, all in one process.
  ///
  /// - Parameters:
  ///   - arrays: Their paths take less than 100 KB.
  ///   - largest: The most bytes of one array.
  /// - Returns: For each array its elements as `elements(of:in:part:)` gives them; nil where it has more bytes, or
  ///   cannot be read.
  ///
  /// *Throws:* `ContentsProcessError` where no process can be started.
  package func smallArrays(
    _ arrays: [HDF5Array], in file: borrowing InputFile, part: Range<Int>? = nil, largest: Int
  ) throws(ContentsProcessError) -> [[UInt8]?] {
    var answers = [[UInt8]?](repeating: nil, count: arrays.count)
    guard let first = arrays.first else { return answers }
    let process = try start(
      [Self.word, Self.place(part, of: file), "each"] + arrays.map(\.path), reading: file)
    var elements = ArrayElements(process, path: first.path, of: self)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: largest + 1, alignment: 16)
    defer { buffer.deallocate() }
    for (index, array) in arrays.enumerated() {
      elements.begin(array.path)
      do {
        let count = try elements.read(into: buffer)
        // A larger one is not in the place of the next.
        guard count <= largest else { break }
        answers[index] = Array(buffer[..<count])
      } catch is HDF5Error {
        continue
      } catch { break }
    }
    return answers
  }

  /// Reads all elements of an array, row-major, in the form of `HDF5Array.Element`. `body` gets parts
  /// of at most `HDF5ArrayFrames.largest` bytes; a part may end within an element.
  ///
  /// *Throws:* `HDF5Error`, `ContentsProcessError`, or an error of `body`.
  package func read(
    _ array: HDF5Array, of file: borrowing InputFile,
    _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var elements = try elements(of: array, in: file)
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: HDF5ArrayFrames.largest, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = try elements.read(into: buffer)
      if count == 0 { return }
      try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  private static func place(_ part: Range<Int>?, of file: borrowing InputFile) -> String {
    part.map { "\($0.count)@\($0.lowerBound)" } ?? "\(file.size)"
  }

  /// The path of another file with elements of a virtual array; nil unless its name is one in the
  /// directory of the array's file.
  private static func source(_ name: String, near path: String) -> String? {
    let name = name.hasPrefix("./") ? String(name.dropFirst(2)) : name
    guard !["", ".", ".."].contains(name), !name.utf8.contains(UInt8(ascii: "/"))
    else { return nil }
    return Path.joined(Path.parent(of: path), name)
  }

  private static func sourceProblem(_ array: HDF5Array, near path: String) -> String? {
    for name in array.sources {
      guard let source = source(name, near: path) else {
        return "it is virtual: its elements are in \(quoted(name)), and only files in its own "
          + "directory are read; copy it into one file"
      }
      do throws(FileReadError) { _ = try InputFile(source) } catch {
        return "it is virtual: its elements are in \(quoted(name)), which cannot be read: "
          + error.reason
      }
    }
    return nil
  }

  private func start(
    _ arguments: [String], reading file: borrowing InputFile
  ) throws(ContentsProcessError) -> ChildProcess {
    do throws(SystemError) {
      return try ChildProcess(
        program, arguments, reading: file, variables: ["SWIFT_BACKTRACE": "enable=no"])
    } catch {
      throw error.isShortage
        ? .noProcess(reason: error.reason) : .noProgram(path: program, reason: error.reason)
    }
  }
}
