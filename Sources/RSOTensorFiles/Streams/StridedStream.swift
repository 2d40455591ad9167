/// Gathers elements that are not row-major. It fills one tile of row-major elements after the other, along
/// the dimension whose elements lie closest together in the file, so that one read takes many of them.
///
/// *Memory:* a tile of 32 MiB and a read of 1 MiB.
final class StridedStream: TensorStream {
  private static let tileSize = 1 << 25
  private static let spanSize = 1 << 20

  private let runs: ByteRuns
  private let shape: [Int]
  private let strides: [Int]
  private let size: Int
  /// The dimension that tiles divide; those after it are whole in a tile, those before it have one index.
  private let divided: Int
  /// The indices of the next tile's first element, up to the divided dimension.
  private var start: [Int]
  private var hasEnded: Bool
  private var tile: [UInt8] = []
  /// The bytes of the tile that were delivered.
  private var delivered = 0

  /// - Parameters:
  ///   - strides: In elements, 0 or more each. All elements must lie within the stored bytes.
  ///   - size: The bytes of an element: 1, 2, 4, 8 or 16.
  init(_ runs: ByteRuns, shape: [Int], strides: [Int], size: Int) {
    self.runs = runs
    self.shape = shape.isEmpty ? [1] : shape
    self.strides = zip(self.shape, shape.isEmpty ? [0] : strides).map { $0 > 1 ? $1 : 0 }
    self.size = size
    hasEnded = shape.contains(0)
    var (axis, width) = (self.shape.count - 1, size)
    while axis > 0, !hasEnded, width * self.shape[axis] <= Self.tileSize {
      width *= self.shape[axis]
      axis -= 1
    }
    divided = axis
    start = [Int](repeating: 0, count: axis + 1)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(TensorStreamError) -> Int {
    var filled = 0
    while filled < buffer.count {
      if delivered == tile.count {
        if hasEnded { break }
        try readTile()
      }
      let part = tile[delivered...].prefix(buffer.count - filled)
      UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]).copyBytes(from: part)
      filled += part.count
      delivered += part.count
    }
    return filled
  }

  private func readTile() throws(TensorStreamError) {
    let width = shape[(divided + 1)...].reduce(size, *)
    let rows = min(shape[divided] - start[divided], max(1, Self.tileSize / width))
    let extents = [Int](repeating: 1, count: divided) + [rows] + shape[(divided + 1)...]
    if tile.count != rows * width { tile = [UInt8](repeating: 0, count: rows * width) }
    delivered = 0
    let first = zip(start, strides).reduce(0) { $0 + $1.0 * $1.1 }
    var failure: TensorStreamError?
    tile.withUnsafeMutableBytes { tile in
      do throws(TensorStreamError) { try gather(extents, from: first, into: tile) } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    advance(by: rows)
  }

  private func advance(by rows: Int) {
    var axis = divided
    start[axis] += rows
    while start[axis] == shape[axis] {
      guard axis > 0 else {
        hasEnded = true
        return
      }
      start[axis] = 0
      axis -= 1
      start[axis] += 1
    }
  }

  private func gather(
    _ extents: [Int], from first: Int, into tile: UnsafeMutableRawBufferPointer
  ) throws(TensorStreamError) {
    // The distance of neighbours in the tile.
    var steps = [Int](repeating: 1, count: extents.count)
    for axis in extents.indices.dropLast().reversed() {
      steps[axis] = steps[axis + 1] * extents[axis + 1]
    }
    let run = extents.indices.filter { extents[$0] > 1 }.min { strides[$0] < strides[$1] } ?? 0
    let others = extents.indices.filter { $0 != run && extents[$0] > 1 }.reversed()
    var index = [Int](repeating: 0, count: extents.count)
    var (from, to) = (first, 0)
    while true {
      try copy(extents[run], from: from, stride: strides[run], to: to, step: steps[run], tile)
      var hasMoved = false
      for axis in others {
        index[axis] += 1
        (from, to) = (from + strides[axis], to + steps[axis])
        hasMoved = index[axis] < extents[axis]
        if hasMoved { break }
        from -= strides[axis] * extents[axis]
        to -= steps[axis] * extents[axis]
        index[axis] = 0
      }
      if !hasMoved { return }
    }
  }

  /// Copies `count` elements, `stride` elements apart in the file and `step` apart in the tile.
  private func copy(
    _ count: Int, from: Int, stride: Int, to: Int, step: Int, _ tile: UnsafeMutableRawBufferPointer
  ) throws(TensorStreamError) {
    let most = max(1, Self.spanSize / (max(1, stride) * size))
    var first = 0
    while first < count {
      let part = min(most, count - first)
      let span = ((part - 1) * stride + 1) * size
      let (position, place) = ((from + first * stride) * size, (to + first * step) * size)
      if step == 1, stride == 1 {
        try runs.read(
          into: UnsafeMutableRawBufferPointer(rebasing: tile[place..<place + span]), at: position)
      } else {
        try withUnsafeTemporaryAllocation(byteCount: span, alignment: 16) {
          (room) throws(TensorStreamError) in
          try runs.read(into: room, at: position)
          spread(UnsafeRawBufferPointer(room), part, stride, tile, at: place, step)
        }
      }
      first += part
    }
  }

  private func spread(
    _ room: UnsafeRawBufferPointer, _ count: Int, _ stride: Int,
    _ tile: UnsafeMutableRawBufferPointer, at place: Int, _ step: Int
  ) {
    func spread<Pattern: BitwiseCopyable>(_: Pattern.Type) {
      for element in 0..<count {
        tile.storeBytes(
          of: room.loadUnaligned(fromByteOffset: element * stride * size, as: Pattern.self),
          toByteOffset: place + element * step * size, as: Pattern.self)
      }
    }
    switch size {
    case 1: spread(UInt8.self)
    case 2: spread(UInt16.self)
    case 4: spread(UInt32.self)
    case 8: spread(UInt64.self)
    default: spread(UInt128.self)
    }
  }
}
