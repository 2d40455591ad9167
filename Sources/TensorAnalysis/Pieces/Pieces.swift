import RSOTensorFiles

/// The division of tensors into pieces and blocks. Figures of blocks are added in the order of the elements
/// to figures of pieces, and those to figures of a tensor. All sizes are fixed, so that the digits depend
/// neither on the number of threads nor on the form of the file.
enum Pieces {
  /// Elements of a piece, which one thread reads.
  static let size = 1 << 21
  /// Elements of a part, which is in memory at once: at most 1 MiB.
  static let partSize = 1 << 16

  /// The pieces of a tensor in order. A tensor without elements has none.
  static func ranges(_ count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
  }

  /// Work for one thread: a piece of one entry, or all pieces of an entry that is read from its start.
  struct Task: Sendable {
    let entry: Int
    let pieces: [Range<Int>]
  }

  /// - Parameters:
  ///   - counts: The number of elements of each entry; nil for one without elements to read.
  ///   - isDivided: True for an entry whose pieces can be read by several threads.
  static func tasks(_ counts: [Int?], isDivided: (_ entry: Int) -> Bool) -> [Task] {
    counts.enumerated().flatMap { index, count -> [Task] in
      guard let count else { return [] }
      let pieces = ranges(count)
      return isDivided(index)
        ? pieces.map { Task(entry: index, pieces: [$0]) }
        : [Task(entry: index, pieces: pieces)]
    }
  }
}
