import RSOTensorFiles

/// An entry of a file with the figures of its elements, or the reason why there are none.
package struct TensorDescription: Sendable, Equatable {
  package var entry: TensorEntry
  /// The figures; nil for text, for types that are not decoded, and for entries that cannot be read.
  package var numbers: NumberStatistics?
  package var equalOutputs = EqualOutputs()
  /// The reason why the elements were not examined.
  package var problem: String?

  package init(_ entry: TensorEntry) {
    self.entry = entry
  }
}

extension TensorDescription {
  /// Describes the entries of a file, one description for each entry.
  ///
  /// - Parameter threads: They divide large tensors, too.
  ///
  /// *Complexity:* one pass over the elements. *Memory:* 2 MiB for each thread, and 40 MiB for one that reads
  /// elements which are not row-major. *Reproducibility:* the same digits for any number of threads, and for
  /// any format.
  package static func all(
    of entries: [TensorEntry], in file: TensorFile, threads: Int
  ) -> [TensorDescription] {
    var descriptions = entries.map(undecoded)
    let counts = descriptions.map { $0.problem == nil ? $0.entry.count : nil }
    let tasks = Pieces.tasks(counts) { entries[$0].storage?.plainRange != nil }
    let results = Work.results(tasks, threads: threads) {
      task throws(TensorFileError) -> [PieceStatistics] in
      try PieceStatistics.all(of: entries[task.entry], in: file, pieces: task.pieces)
    }
    var pieces = [[PieceStatistics]](repeating: [], count: entries.count)
    for (task, result) in zip(tasks, results) {
      switch result {
      case .success(let found): pieces[task.entry] += found
      case .failure(let error):
        descriptions[task.entry].problem = descriptions[task.entry].problem ?? error.problem
      }
    }
    for (index, pieces) in pieces.enumerated() where descriptions[index].problem == nil {
      var numbers = NumberStatistics()
      for piece in pieces { numbers.add(piece.numbers) }
      descriptions[index].numbers = numbers
      descriptions[index].equalOutputs = OutputScan.joined(pieces.compactMap(\.outputs))
    }
    return descriptions
  }

  /// A description without figures, which says why if there can be none.
  private static func undecoded(_ entry: TensorEntry) -> TensorDescription {
    var description = TensorDescription(entry)
    if let problem = entry.problem {
      description.problem = problem
    } else if entry.type == .text {
      description.problem = "it holds text"
    } else if entry.type.element == nil {
      description.problem = "elements of type \(entry.type.name) are not decoded"
    } else if entry.count == nil {
      description.problem = "it has too many elements"
    }
    return description
  }
}

/// The figures of a piece of a tensor.
private struct PieceStatistics: Sendable {
  var numbers = NumberStatistics()
  var outputs: OutputScan?

  /// Reads pieces that follow each other.
  static func all(
    of entry: TensorEntry, in file: TensorFile, pieces: [Range<Int>]
  ) throws(TensorFileError) -> [PieceStatistics] {
    guard let type = entry.type.element, let first = pieces.first else { return [] }
    var source = try ElementSource(entry, of: file, from: first.lowerBound * type.size)
    let largest = pieces.reduce(0) { max($0, $1.count) }
    let room = try Room(min(largest, Pieces.partSize) * type.size, format: file.format.title)
    let values = try Room(
      AnalysisKernels.blockSize * MemoryLayout<Double>.size, format: file.format.title)
    var results: [PieceStatistics] = []
    for piece in pieces {
      var result = PieceStatistics()
      result.outputs = OutputScan(type, shape: entry.shape, from: piece.lowerBound)
      var rest = piece.count
      while rest > 0 {
        let count = min(rest, Pieces.partSize)
        let part = room.prefix(count * type.size)
        try source.fill(part)
        result.add(UnsafeRawBufferPointer(part), type, values.values)
        rest -= count
      }
      result.outputs?.finish()
      results.append(result)
    }
    return results
  }

  private mutating func add(
    _ part: UnsafeRawBufferPointer, _ type: TensorElementType, _ values: AnalysisKernels.Values
  ) {
    outputs?.add(part)
    let count = part.count / type.size
    guard let start = part.baseAddress else { return }
    for first in stride(from: 0, to: count, by: AnalysisKernels.blockSize) {
      let block = min(AnalysisKernels.blockSize, count - first)
      AnalysisKernels.convert(type, start + first * type.size, block, into: values)
      numbers.add(AnalysisKernels.statistics(values, block))
    }
  }
}
