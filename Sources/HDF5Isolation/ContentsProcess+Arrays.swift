internal import Glibc
package import HDF5
package import RSOSystem

/// Arrays of any HDF5 file. The process gets the open file itself, not its bytes, and sends elements one
/// part after the other, so that neither side holds the file in memory.
extension ContentsProcess {
  /// The most bytes of the descriptions of all arrays.
  private static let largestDescription = 1 << 26

  /// Returns the arrays of a file, or the error of libhdf5.
  ///
  /// *Throws:* `ContentsProcessError`.
  package func arrays(
    of file: borrowing InputFile
  ) throws(ContentsProcessError) -> Result<[HDF5Array], HDF5Error> {
    let process = try start([Self.word, "\(file.size)", "arrays"], reading: file)
    let answer = process.allOutput(maximumBytes: Self.largestDescription)
    if answer == nil { process.terminate() }
    let ending = process.reap()
    if let answer, let arrays = HDF5Array.decode(answer) { return arrays }
    throw failure(ending, hasAnswered: answer.map { !$0.isEmpty } ?? true)
  }

  /// Reads all elements of an array, row-major, in the form of `HDF5Array.Element`. `body` gets parts
  /// of at most `HDF5ArrayFrames.largest` bytes; a part may end within an element.
  ///
  /// *Throws:* `HDF5Error`, `ContentsProcessError`, or an error of `body`.
  package func read(
    _ array: HDF5Array, of file: borrowing InputFile,
    _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let process = try start([Self.word, "\(file.size)", "array", array.path], reading: file)
    var hasReaped = false
    defer {
      if !hasReaped {
        process.terminate()
        _ = process.reap()
      }
    }
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: HDF5ArrayFrames.largest, alignment: 16)
    defer { buffer.deallocate() }
    var isComplete = false
    while let frame = Self.frame(of: process, in: buffer) {
      switch frame {
      case .end: isComplete = true
      case .part(let part): try body(part)
      case .failure(let text): throw HDF5Error.unsuitable(object: array.path, problem: text)
      }
      if isComplete { break }
    }
    guard !isComplete else { return }
    hasReaped = true
    let ending = process.reap()
    throw failure(ending, hasAnswered: false)
  }

  private enum Frame {
    case end
    case part(UnsafeRawBufferPointer)
    case failure(String)
  }

  /// The next frame; nil where the process has ended, or sends what is no frame.
  private static func frame(
    of process: borrowing ChildProcess, in buffer: UnsafeMutableRawBufferPointer
  ) -> Frame? {
    guard let length = length(of: process) else { return nil }
    if length == 0 { return .end }
    let isFailure = length == HDF5ArrayFrames.failure
    guard let count = isFailure ? Self.length(of: process) : length, count <= buffer.count else {
      return nil
    }
    let room = UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(count)])
    guard process.read(into: room) == Int(count) else { return nil }
    let bytes = UnsafeRawBufferPointer(room)
    return isFailure ? .failure(String(decoding: bytes, as: UTF8.self)) : .part(bytes)
  }

  private static func length(of process: borrowing ChildProcess) -> UInt32? {
    var length: UInt32 = 0
    let count = withUnsafeMutableBytes(of: &length) { process.read(into: $0) }
    return count == 4 ? UInt32(littleEndian: length) : nil
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
