/// A tensor of a file, described before its elements are read. Every object that a file names as data is
/// an entry, also one that cannot be read.
package struct TensorEntry: Sendable, Hashable {
  /// The place of the elements, or the reason why they cannot be read.
  package enum Content: Sendable, Hashable {
    case stored(TensorStorage)
    /// A clause about the entry, such as `it holds pickled objects, which are not read`.
    case unreadable(String)
  }

  /// The name in the file. Parts of a path are separated as in the file: by `.` or `/`.
  package var name: String
  package var type: TensorType
  /// The extents; empty for a scalar, and where there is no shape.
  package var shape: [Int]
  /// False for an object that is no array, or whose shape is not known.
  package var hasShape = true
  package var content: Content

  package init(name: String, type: TensorType, shape: [Int], content: Content) {
    self.name = name
    self.type = type
    self.shape = shape
    self.content = content
  }

  /// - Parameter shape: nil for an object that is no array, or whose shape is not known.
  package init(name: String, type: TensorType, shape: [Int]?, unreadable problem: String) {
    self.init(name: name, type: type, shape: shape ?? [], content: .unreadable(problem))
    hasShape = shape != nil
  }

  /// The extents; nil where there is no shape.
  package var knownShape: [Int]? { hasShape ? shape : nil }

  /// The reason why the elements cannot be read; nil if they can.
  package var problem: String? {
    if case .unreadable(let problem) = content { problem } else { nil }
  }

  package var storage: TensorStorage? {
    if case .stored(let storage) = content { storage } else { nil }
  }

  /// The number of elements; nil where it exceeds an `Int` or there is no shape.
  package var count: Int? { hasShape ? elementCount(shape) : nil }

  /// The bytes of all elements as they are delivered; nil for text, and where the elements cannot be read.
  package var byteCount: Int? {
    guard let storage, type != .text else { return nil }
    guard let size = type.element?.size else { return storage.size }
    return count.flatMap { count in
      let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
      return overflow ? nil : bytes
    }
  }
}
