import RSORuns

extension TensorStatistics {
  /// The columns about the numbers of a tensor.
  static var columns: [Column<TensorStatistics>] {
    [
      Column("mean", "mean", as: .value, \.mean),
      Column("std", "std", as: .value, \.standardDeviation),
      Column("min", "min", as: .value, \.minimum),
      Column("max", "max", as: .value, \.maximum),
      Column("norm", "L2 norm", as: .value, \.norm),
      Column("zeros", "zeros", \.zeros) { Numbers.percent($0.shareOfZeros) },
      Column("not_finite", \.notFinite),
    ]
  }
}

/// `16 x 1 x 3 x 3`; `scalar` for no dimensions, `-` where there is no shape.
func shapeText(_ shape: [Int]?) -> String {
  guard let shape else { return "-" }
  return shape.isEmpty ? "scalar" : shape.map(String.init).joined(separator: " x ")
}
