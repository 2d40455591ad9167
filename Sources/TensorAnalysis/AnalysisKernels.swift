internal import CTensorAnalysis
import RSOTensorFiles

/// The C functions on blocks of at most `blockSize` elements. They are pure.
package enum AnalysisKernels {
  package static let blockSize = Int(RSO_BLOCK)
  /// Bins of a histogram. Bin i counts from 10^(i - 24) to less than 10^(i - 23); the first one also counts
  /// smaller numbers and the last one larger ones.
  package static let decades = Int(RSO_DECADES)
  package static let firstDecade = -24

  /// Room for the values of a block.
  typealias Values = UnsafeMutablePointer<Double>

  /// Converts elements to double precision. Integers of 64 bits are rounded; a complex number becomes its
  /// magnitude.
  ///
  /// - Parameter bytes: At least `count` elements, at any address.
  static func convert(
    _ type: TensorElementType, _ bytes: UnsafeRawPointer, _ count: Int, into values: Values
  ) {
    rso_convert(element(type), bytes, count, values)
  }

  /// Returns the value of one element.
  static func value(_ type: TensorElementType, _ bytes: [UInt8]) -> Double {
    var value = 0.0
    bytes.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress, bytes.count == type.size else { return }
      convert(type, start, 1, into: &value)
    }
    return value
  }

  /// Returns the figures of `count` values, which are overwritten.
  static func statistics(_ values: Values, _ count: Int) -> NumberStatistics {
    var found = rso_statistics()
    rso_describe(values, count, &found)
    return NumberStatistics(
      finite: found.finite, nans: found.nans, infinities: found.infinities, zeros: found.zeros,
      mean: found.mean, spread: found.spread, squares: found.squares, minimum: found.minimum,
      maximum: found.maximum)
  }

  /// The contribution of one block to a comparison.
  struct BlockChange {
    var changed: Int
    /// The largest absolute difference; infinite if a changed pair is not finite.
    var largest: Double
  }

  /// Adds the figures of `count` pairs, which are overwritten.
  static func compare(
    _ first: Values, _ second: Values, _ count: Int, _ tolerance: ComparisonTolerance,
    into result: inout NumberComparison
  ) -> BlockChange {
    var found = rso_comparison()
    rso_compare(first, second, count, tolerance.relative, tolerance.absolute, &found)
    result.count += count
    result.changed += found.changed
    result.notFinite += found.not_finite
    result.signFlips += found.flips
    result.firstSquares += found.first_squares
    result.secondSquares += found.second_squares
    result.products += found.products
    result.differenceSquares += found.difference_squares
    result.maximum = max(result.maximum, found.largest)
    if found.changed > found.not_finite {
      result.histogram.withUnsafeMutableBufferPointer { histogram in
        rso_count_decades(first, found.pairs, found.largest, histogram.baseAddress)
      }
    }
    return BlockChange(
      changed: found.changed, largest: found.not_finite > 0 ? .infinity : found.largest)
  }

  /// Returns what one instruction set computes of a block, for tests: all give the same bits.
  ///
  /// - Parameters:
  ///   - index: 0 is the one that is used.
  ///   - first: At most `blockSize` elements; as many as in `second`.
  /// - Returns: The name of the instruction set, and all figures of statistics, comparison and histogram; nil
  ///   after the last one that this processor has.
  package static func figures(
    byInstructionSet index: Int, _ type: TensorElementType, _ first: [UInt8], _ second: [UInt8]
  ) -> (name: String, figures: [Double])? {
    guard let table = rso_analysis_at(index)?.pointee, first.count == second.count else {
      return nil
    }
    let count = first.count / type.size
    precondition(count <= blockSize)
    var (a, b) = (
      [Double](repeating: 0, count: blockSize), [Double](repeating: 0, count: blockSize)
    )
    var (one, pair) = (rso_statistics(), rso_comparison())
    var histogram = [UInt64](repeating: 0, count: decades)
    first.withUnsafeBytes { table.convert(element(type), $0.baseAddress, count, &a) }
    table.describe(&a, count, &one)
    first.withUnsafeBytes { table.convert(element(type), $0.baseAddress, count, &a) }
    second.withUnsafeBytes { table.convert(element(type), $0.baseAddress, count, &b) }
    table.compare(&a, &b, count, 0, 0, &pair)
    table.count_decades(&a, pair.pairs, pair.largest, &histogram)
    let counts = [
      one.finite, one.nans, one.infinities, one.zeros, pair.changed, pair.not_finite, pair.flips,
    ]
    return (
      String(cString: table.name),
      counts.map(Double.init) + [
        one.mean, one.spread, one.squares, one.minimum, one.maximum, pair.first_squares,
        pair.second_squares, pair.products, pair.difference_squares, pair.largest,
      ] + histogram.map { Double($0) }
    )
  }

  private static func element(_ type: TensorElementType) -> rso_element {
    switch type {
    case .bool: RSO_BOOL
    case .uint8: RSO_U8
    case .int8: RSO_I8
    case .uint16: RSO_U16
    case .int16: RSO_I16
    case .uint32: RSO_U32
    case .int32: RSO_I32
    case .uint64: RSO_U64
    case .int64: RSO_I64
    case .float8E4M3: RSO_F8_E4M3
    case .float8E5M2: RSO_F8_E5M2
    case .float8E8M0: RSO_F8_E8M0
    case .float8E4M3FNUZ: RSO_F8_E4M3_FNUZ
    case .float8E5M2FNUZ: RSO_F8_E5M2_FNUZ
    case .float16: RSO_F16
    case .bfloat16: RSO_BF16
    case .float32: RSO_F32
    case .float64: RSO_F64
    case .complex32: RSO_C32
    case .complex64: RSO_C64
    case .complex128: RSO_C128
    }
  }
}
