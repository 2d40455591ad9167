import RSOTensorFiles

/// Counts pairs of elements that differ, where double precision cannot tell: integers of 64 bits, and complex
/// numbers, whose parts are compared.
struct ExactPairs {
  private let first: TensorElementType
  private let second: TensorElementType
  private let tolerance: ComparisonTolerance

  /// - Returns: Nil where the values in double precision are exact.
  init?(_ first: TensorElementType, _ second: TensorElementType, _ tolerance: ComparisonTolerance) {
    let wide: Set<TensorElementType> = [.uint64, .int64]
    let areComplex = first.isComplex || second.isComplex
    guard areComplex || (tolerance == .exact && (wide.contains(first) || wide.contains(second)))
    else { return nil }
    (self.first, self.second, self.tolerance) = (first, second, tolerance)
  }

  /// Returns the number of elements that differ.
  func changed(_ one: UnsafeRawPointer, _ other: UnsafeRawPointer, _ count: Int) -> Int {
    if first == second, first == .int64 || first == .uint64 {
      return (0..<count).reduce(0) { changed, index in
        let offset = 8 * index
        return changed
          + (one.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            == other.loadUnaligned(fromByteOffset: offset, as: UInt64.self) ? 0 : 1)
      }
    }
    return (0..<count).reduce(0) { $0 + (areEqual(one, other, $1) ? 0 : 1) }
  }

  private func areEqual(_ one: UnsafeRawPointer, _ other: UnsafeRawPointer, _ index: Int) -> Bool {
    if first.isComplex || second.isComplex {
      let (a, b) = (parts(one, first, index), parts(other, second, index))
      return tolerance.accepts(a.real, b.real) && tolerance.accepts(a.imaginary, b.imaginary)
    }
    switch (integer(one, first, index), integer(other, second, index)) {
    case (let a?, let b?): return a == b
    case (let a?, nil): return Self.areEqual(a, value(other, second, index))
    case (nil, let b?): return Self.areEqual(b, value(one, first, index))
    case (nil, nil): return value(one, first, index) == value(other, second, index)
    }
  }

  private static func areEqual(_ integer: Int128, _ number: Double) -> Bool {
    Int128(exactly: number) == integer
  }

  private func integer(_ start: UnsafeRawPointer, _ type: TensorElementType, _ index: Int)
    -> Int128?
  {
    let offset = type.size * index
    return switch type {
    case .int64: Int128(start.loadUnaligned(fromByteOffset: offset, as: Int64.self))
    case .uint64: Int128(start.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    default: Int128(exactly: value(start, type, index))
    }
  }

  private func value(_ start: UnsafeRawPointer, _ type: TensorElementType, _ index: Int) -> Double {
    var value = 0.0
    AnalysisKernels.convert(type, start + type.size * index, 1, into: &value)
    return value
  }

  private func parts(
    _ start: UnsafeRawPointer, _ type: TensorElementType, _ index: Int
  ) -> (real: Double, imaginary: Double) {
    guard type.isComplex else { return (value(start, type, index), 0) }
    return (value(start, type.part, 2 * index), value(start, type.part, 2 * index + 1))
  }
}
