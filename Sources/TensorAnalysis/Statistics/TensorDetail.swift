import RSOTensorFiles

/// One tensor in detail: a histogram, and figures of each output. Only this tensor is read.
package struct TensorDetail: Sendable, Equatable {
  /// Figures of more outputs are not kept.
  package static let maximumOutputs = 1 << 16

  package var numbers: NumberStatistics
  /// Counts of the finite elements in bins of equal width, from the minimum to the maximum. One bin if all
  /// are equal or their range is less than a normal number.
  package var histogram: [Int]
  /// Figures of the elements of each index of the first dimension. Empty for fewer than two dimensions, and
  /// for more than `maximumOutputs`.
  package var outputs: [NumberStatistics]

  /// - Parameter numbers: The figures of the whole tensor.
  ///
  /// *Throws:* `TensorFileError`. *Complexity:* one pass.
  package init(
    of entry: TensorEntry, in file: TensorFile, numbers: NumberStatistics, bins: Int
  ) throws(TensorFileError) {
    precondition(bins > 0)
    self.numbers = numbers
    // Halves, because the width of the range of all Doubles is not a Double.
    let width = numbers.maximum / 2 - numbers.minimum / 2
    histogram = width.isNormal ? Array(repeating: 0, count: bins) : [numbers.finite]
    outputs = []
    guard let type = entry.type.element, let count = entry.count, count > 0 else { return }
    let isDivided = entry.shape.count > 1 && entry.shape[0] <= Self.maximumOutputs
    let length = isDivided ? count / entry.shape[0] : count
    var source = try ElementSource(entry, of: file, from: 0)
    let block = AnalysisKernels.blockSize
    let room = try Room(block * type.size, format: file.format.title)
    let values = try Room(block * MemoryLayout<Double>.size, format: file.format.title)
    for _ in 0..<(count / length) {
      var output = NumberStatistics()
      var rest = length
      while rest > 0 {
        let size = min(block, rest)
        try source.fill(room.prefix(size * type.size))
        AnalysisKernels.convert(type, room.start, size, into: values.values)
        if width.isNormal { tally(values.values, size, width) }
        output.add(AnalysisKernels.statistics(values.values, size))
        rest -= size
      }
      if isDivided { outputs.append(output) }
    }
  }

  private mutating func tally(_ values: AnalysisKernels.Values, _ size: Int, _ width: Double) {
    let bins = histogram.count
    for index in 0..<size where values[index].isFinite {
      let place = (values[index] / 2 - numbers.minimum / 2) / width * Double(bins)
      histogram[min(Int(place), bins - 1)] += 1
    }
  }
}
