/// The features of sparse samples: how many there are, and the number of the first one.
struct SparseWidth: Sendable, Equatable {
  let features: Int
  /// 0 or 1.
  let first: Int

  /// Finds the width that fits all files of a data set.
  ///
  /// - Parameters:
  ///   - outputs: The targets of a sample.
  ///   - limit: The most bytes that samples and targets of a file may take.
  ///
  /// *Throws:* `SVMLightError`.
  init(
    _ files: [SparseFile], _ request: DataRequest, outputs: Int, limit: Int
  ) throws(SVMLightError) {
    let zero = files.first { $0.lines.numbers.contains(0) }
    if request.countsFromZero == false, let zero { throw .countsFromZero(path: zero.path) }
    first = zero != nil || request.countsFromZero == true ? 0 : 1
    let largest = files.compactMap { $0.lines.numbers.max() }.max() ?? 0
    features = max(Int(largest) + 1 - first, min(request.features ?? 0, SparseLines.maximumNumber))
    for file in files {
      let bytes = file.lines.counts.count.multipliedReportingOverflow(
        by: 4 * features + 8 * outputs)
      guard !bytes.overflow, bytes.partialValue <= limit else {
        throw .tooLarge(
          path: file.path, bytes: bytes.overflow ? .max : bytes.partialValue, limit: limit)
      }
    }
  }
}
