import RSOTensorFiles

/// Compares two entries of the same shape, piece by piece.
struct PairComparer: Sendable {
  enum Piece: Sendable {
    case numbers(NumberComparison)
    case texts(TextComparison)
    case bytes(changed: Int, of: Int)
  }

  let first: TensorFile
  let second: TensorFile
  let tolerance: ComparisonTolerance

  /// Compares pieces that follow each other.
  func pieces(
    of pair: TensorDifference.Pair, _ pieces: [Range<Int>]
  ) throws(TensorFileError) -> [Piece] {
    guard pair.first.type != .text else {
      let count = pieces.last?.upperBound ?? 0
      return [.texts(try TextPair.compare(pair, first, second, count: count))]
    }
    guard let one = pair.first.type.element, let other = pair.second.type.element else {
      return [try bytes(of: pair)]
    }
    return try numbers(of: pair, one, other, pieces).map { .numbers($0) }
  }

  /// Elements that are not decoded.
  private func bytes(of pair: TensorDifference.Pair) throws(TensorFileError) -> Piece {
    var one = try ElementSource(pair.first, of: first, from: 0)
    var other = try ElementSource(pair.second, of: second, from: 0)
    let a = try Room(Pieces.partSize, format: first.format.title)
    let b = try Room(Pieces.partSize, format: second.format.title)
    let size = pair.first.byteCount ?? 0
    var (changed, rest) = (0, size)
    while rest > 0 {
      let count = min(rest, Pieces.partSize)
      let (x, y) = (a.prefix(count), b.prefix(count))
      try one.fill(x)
      try other.fill(y)
      for index in 0..<count where x[index] != y[index] { changed += 1 }
      rest -= count
    }
    return .bytes(changed: changed, of: size)
  }

  private func numbers(
    of pair: TensorDifference.Pair, _ one: TensorElementType, _ other: TensorElementType,
    _ pieces: [Range<Int>]
  ) throws(TensorFileError) -> [NumberComparison] {
    guard let start = pieces.first?.lowerBound else { return [] }
    var firstSource = try ElementSource(pair.first, of: first, from: start * one.size)
    var secondSource = try ElementSource(pair.second, of: second, from: start * other.size)
    let part = min(Pieces.partSize, pieces.reduce(0) { max($0, $1.count) })
    let a = try Room(part * one.size, format: first.format.title)
    let b = try Room(part * other.size, format: second.format.title)
    let blocks = try BlockPairs(one, other, tolerance, format: first.format.title)
    var results: [NumberComparison] = []
    for piece in pieces {
      var result = NumberComparison()
      var position = piece.lowerBound
      while position < piece.upperBound {
        let count = min(piece.upperBound - position, part)
        let (x, y) = (a.prefix(count * one.size), b.prefix(count * other.size))
        try firstSource.fill(x)
        try secondSource.fill(y)
        if one == other, RawBytes.areEqual(UnsafeRawBufferPointer(x), UnsafeRawBufferPointer(y)) {
          blocks.addEqual(a.start, count, to: &result)
        } else {
          blocks.add(a.start, b.start, count, from: position, to: &result)
        }
        position += count
      }
      results.append(result)
    }
    return results
  }

  /// The outcome of all pieces of a pair.
  static func outcome(_ pieces: [Piece], haveSameType: Bool) -> TensorDifference.Outcome {
    var numbers = NumberComparison()
    for piece in pieces {
      switch piece {
      case .numbers(let comparison): numbers.add(comparison)
      case .texts(let texts): return texts.changed == 0 ? .equal(nil) : .texts(texts)
      case .bytes(let changed, let size):
        return changed == 0 ? .equal(nil) : .bytes(changed: changed, of: size)
      }
    }
    return numbers.changed == 0 && haveSameType ? .equal(numbers) : .numbers(numbers)
  }
}
