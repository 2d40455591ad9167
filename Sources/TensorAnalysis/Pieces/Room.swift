internal import Glibc
import RSOTensorFiles

/// Memory whose refusal is an error; that of an array would end the program.
struct Room: ~Copyable {
  let start: UnsafeMutableRawPointer
  private let count: Int

  /// *Throws:* `TensorFileError` where the system has no more memory.
  init(_ count: Int, format: String) throws(TensorFileError) {
    guard let start = malloc(max(1, count)) else {
      throw TensorFileError(
        format: format, problem: "there is no memory for \(count) bytes of its elements")
    }
    self.start = start
    self.count = count
  }

  deinit { free(start) }

  var bytes: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: start, count: count)
  }

  /// The first `size` bytes.
  func prefix(_ size: Int) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(rebasing: bytes[..<size])
  }

  /// The memory as numbers in double precision.
  var values: UnsafeMutablePointer<Double> { start.assumingMemoryBound(to: Double.self) }
}
