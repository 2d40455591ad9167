import RSOTensorFiles

/// Finds outputs whose weights are all equal or all zero, in one pass over a piece of a tensor. An output is
/// an index of the first dimension.
struct OutputScan: Sendable {
  /// Elements of one output that follow each other.
  private struct Segment: Sendable {
    var output = 0
    var count = 0
    /// The bytes of the first element.
    var pattern: [UInt8] = []
    var isConstant = true
    var isZero = true

    mutating func add(_ other: Segment) {
      guard count > 0 else {
        self = other
        return
      }
      isConstant = isConstant && other.isConstant && pattern == other.pattern
      isZero = isZero && other.isZero
      count += other.count
    }
  }

  private let type: TensorElementType
  /// Elements of an output, at least 2.
  private let length: Int
  /// The index of the next element.
  private var position: Int
  private var current = Segment()
  /// The parts of outputs that extend beyond the piece.
  private var edges: [Segment] = []
  private var found = EqualOutputs()

  /// Begins at an element.
  ///
  /// - Returns: Nil for a tensor of fewer than two dimensions, and where an output has one weight.
  init?(_ type: TensorElementType, shape: [Int], from start: Int) {
    guard shape.count > 1, let outputs = shape.first, outputs > 0,
      let count = elementCount(shape), count / outputs > 1
    else { return nil }
    length = count / outputs
    self.type = type
    position = start
  }

  /// Adds the elements that follow.
  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    let size = type.size
    var offset = 0
    while offset < bytes.count {
      let count = min(length - position % length, (bytes.count - offset) / size)
      guard count > 0 else { return }
      let end = offset + count * size
      current.add(segment(UnsafeRawBufferPointer(rebasing: bytes[offset..<end])))
      position += count
      offset = end
      if position % length == 0 { close() }
    }
  }

  /// Ends the piece.
  mutating func finish() { if current.count > 0 { close() } }

  private mutating func close() {
    if current.count == length {
      Self.count(current, type, in: &found)
    } else {
      edges.append(current)
    }
    current = Segment()
  }

  /// Returns what the scans of all pieces of a tensor have found together.
  static func joined(_ scans: [OutputScan]) -> EqualOutputs {
    var found = EqualOutputs()
    var edges: [Segment] = []
    for scan in scans {
      for edge in scan.edges {
        if edges.last?.output == edge.output {
          edges[edges.count - 1].add(edge)
        } else {
          edges.append(edge)
        }
      }
      found.add(scan.found)
    }
    guard let scan = scans.first else { return found }
    for edge in edges where edge.count == scan.length {
      count(edge, scan.type, in: &found)
    }
    return found
  }

  private static func count(
    _ output: Segment, _ type: TensorElementType, in found: inout EqualOutputs
  ) {
    if output.isZero {
      found.addDead(output.output)
    } else if output.isConstant, AnalysisKernels.value(type, output.pattern).isFinite {
      found.addConstant(output.output)
    }
  }

  private func segment(_ bytes: UnsafeRawBufferPointer) -> Segment {
    let size = type.size
    let isConstant = RawBytes.areEqual(
      UnsafeRawBufferPointer(rebasing: bytes[size...]),
      UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - size)]))
    return Segment(
      output: position / length, count: bytes.count / size, pattern: Array(bytes.prefix(size)),
      isConstant: isConstant, isZero: areZero(bytes))
  }

  /// Tells if all elements are 0 or -0.
  private func areZero(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let signed = type.isFloatingPoint || type.isComplex ? type.part.size : 0
    for (index, byte) in bytes.enumerated() where byte != 0 {
      guard byte == 0x80, signed > 0, index % signed == signed - 1 else { return false }
    }
    return true
  }
}
