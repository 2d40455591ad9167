import RSOTensorFiles

/// The elements of a tensor in double precision, for computations that need all of them at once.
package enum TensorValues {
  /// The most elements of a tensor: 128 MiB in double precision.
  package static let maximumCount = 1 << 24

  /// Returns all elements of an entry, row-major.
  ///
  /// *Throws:* `TensorFileError`, also for more than `maximumCount` elements.
  package static func all(
    of entry: TensorEntry, in file: TensorFile
  ) throws(TensorFileError) -> [Double] {
    func failure(_ problem: String) -> TensorFileError {
      TensorFileError(format: file.format.title, problem: problem)
    }
    guard let type = entry.type.element, let size = entry.byteCount, let count = entry.count else {
      throw failure("it is no array of numbers that can be read")
    }
    guard count <= maximumCount else {
      throw failure("it has \(count) elements, more than the \(maximumCount) that are read at once")
    }
    let bytes = try file.reader(of: entry).bytes(atMost: size)
    guard bytes.count == size else { throw failure("its elements end early") }
    return [Double](unsafeUninitializedCapacity: count) { values, filled in
      filled = count
      bytes.withUnsafeBytes { bytes in
        guard let start = bytes.baseAddress, let values = values.baseAddress else { return }
        AnalysisKernels.convert(type, start, count, into: values)
      }
    }
  }
}
