/// The elements of a tensor, one part after the other.
///
/// A class, because a stream owns open files and its position.
protocol TensorStream: AnyObject {
  /// Fills the buffer, or its part that holds whole elements; less at the end. 0 is the end.
  ///
  /// *Throws:* `TensorStreamError`.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(TensorStreamError) -> Int

  /// Checks what can be checked only when all elements were read.
  func finish() throws(TensorStreamError)
}

extension TensorStream {
  func finish() throws(TensorStreamError) {}
}

/// The reason why elements cannot be read. The caller adds the tensor's name.
struct TensorStreamError: Error {
  var problem: String

  static let shortened = TensorStreamError(problem: "the file has become shorter")
}
