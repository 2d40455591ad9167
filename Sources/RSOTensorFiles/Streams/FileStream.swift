import RSOSystem

/// A run of bytes of a file.
final class FileStream: TensorStream {
  private let file: InputFile
  private var rest: Range<Int>

  init(_ path: String, _ range: Range<Int>) throws(TensorStreamError) {
    do throws(FileReadError) { file = try InputFile(path) } catch {
      throw TensorStreamError(problem: error.reason)
    }
    rest = range
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(TensorStreamError) -> Int {
    let room = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, rest.count)])
    let count: Int
    do throws(FileReadError) { count = try file.read(into: room, at: rest.lowerBound) } catch {
      throw TensorStreamError(problem: error.reason)
    }
    guard count == room.count else { throw .shortened }
    rest = (rest.lowerBound + count)..<rest.upperBound
    return count
  }
}
