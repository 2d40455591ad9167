import RSOTensorFiles

/// Compares elements that are in memory, block by block.
struct BlockPairs: ~Copyable {
  private let first: TensorElementType
  private let second: TensorElementType
  private let tolerance: ComparisonTolerance
  private let exact: ExactPairs?
  private let room: Room

  /// *Throws:* `TensorFileError` without memory.
  init(
    _ first: TensorElementType, _ second: TensorElementType, _ tolerance: ComparisonTolerance,
    format: String
  ) throws(TensorFileError) {
    room = try Room(2 * AnalysisKernels.blockSize * MemoryLayout<Double>.size, format: format)
    (self.first, self.second, self.tolerance) = (first, second, tolerance)
    exact = ExactPairs(first, second, tolerance)
  }

  private var one: AnalysisKernels.Values { room.values }
  private var other: AnalysisKernels.Values { room.values + AnalysisKernels.blockSize }

  /// Adds elements whose bytes are the same in both tensors.
  func addEqual(_ bytes: UnsafeRawPointer, _ count: Int, to result: inout NumberComparison) {
    let width = first.isComplex ? 2 : 1
    let block = AnalysisKernels.blockSize / width
    for start in stride(from: 0, to: count, by: block) {
      let size = min(block, count - start)
      AnalysisKernels.convert(first.part, bytes + start * first.size, width * size, into: one)
      result.addEqual(AnalysisKernels.statistics(one, width * size))
    }
    result.count += count
  }

  /// - Parameter position: The index of the first element in the tensor.
  func add(
    _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ count: Int, from position: Int,
    to result: inout NumberComparison
  ) {
    // A complex number is two numbers here; only the counts of elements know them as one.
    let areComplex = first.isComplex && second.isComplex
    let (firstPart, secondPart) = areComplex ? (first.part, second.part) : (first, second)
    let width = areComplex ? 2 : 1
    let block = AnalysisKernels.blockSize / width
    let flips = result.signFlips
    for start in stride(from: 0, to: count, by: block) {
      let size = min(block, count - start)
      let (x, y) = (a + start * first.size, b + start * second.size)
      AnalysisKernels.convert(firstPart, x, width * size, into: one)
      AnalysisKernels.convert(secondPart, y, width * size, into: other)
      var found = AnalysisKernels.compare(one, other, width * size, tolerance, into: &result)
      if let exact {
        let changed = exact.changed(x, y, size)
        result.changed += changed - found.changed
        result.count += size - width * size
        found.changed = changed
      }
      if found.largest > result.mostChanged.smallest, found.changed > 0 {
        addLargest(x, y, size, from: position + start, to: &result)
      }
    }
    // Complex numbers have no sign.
    if areComplex { result.signFlips = flips }
  }

  private func addLargest(
    _ x: UnsafeRawPointer, _ y: UnsafeRawPointer, _ count: Int, from position: Int,
    to result: inout NumberComparison
  ) {
    AnalysisKernels.convert(first, x, count, into: one)
    AnalysisKernels.convert(second, y, count, into: other)
    for index in 0..<count where !tolerance.accepts(one[index], other[index]) {
      result.mostChanged.add(
        LargestDifferences.Element(
          index: position + index, first: one[index], second: other[index]))
    }
  }
}
