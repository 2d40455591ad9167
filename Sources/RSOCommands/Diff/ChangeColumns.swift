import TensorAnalysis

/// Columns about the changes of numbers.
enum ChangeColumns {
  static var figures: [Column<NumberComparison>] {
    [
      Column("count", in: [.csv, .json], \.count),
      Column("changed", "changed", \.changed) {
        "\(Numbers.grouped($0.changed)) of \(Numbers.grouped($0.count))"
      },
      Column("share_changed", "share", as: .percent, \.shareChanged),
      Column("max_abs", "max abs", as: .value, \.maximum),
      Column("relative_norm", "relative L2", as: .value, \.relativeNorm),
      Column("cosine", "cosine", as: .value, \.cosine),
      Column("sign_flips", "sign flips", as: .grouped, \.signFlips),
      Column("not_finite", in: [.csv, .json], \.notFinite),
      Column("not_finite", "not finite", as: .grouped, in: [.tableIfKnown]) {
        $0.notFinite == 0 ? nil : $0.notFinite
      },
      Column("histogram", "changes", align: .left, { decades($0) }, text: { sketch($0) }),
    ]
  }

  /// The bins that are not empty.
  private static func decades(_ numbers: NumberComparison) -> ReportValue {
    .list(
      bins(numbers).map { bin in
        .object([
          "from": bound(bin).reportValue,
          "count": Int(clamping: numbers.histogram[bin]).reportValue,
        ])
      })
  }

  static func bins(_ numbers: NumberComparison) -> [Int] {
    let filled = numbers.histogram.indices.filter { numbers.histogram[$0] > 0 }
    guard let first = filled.first, let last = filled.last else { return [] }
    return Array(first...last)
  }

  /// The lower bound of a bin; 0 for the first one.
  private static func bound(_ bin: Int) -> Double {
    bin == 0 ? 0 : Double("1e\(bin + AnalysisKernels.firstDecade)") ?? 0
  }

  /// `1e-5 ▂▇█▁`: a bar for each power of ten, from the smallest on.
  private static func sketch(_ numbers: NumberComparison) -> String {
    let bins = bins(numbers)
    guard let first = bins.first else { return "-" }
    let most = bins.map { numbers.histogram[$0] }.max() ?? 1
    let bars = Array("▁▂▃▄▅▆▇█")
    let text = bins.map { bin -> Character in
      let count = numbers.histogram[bin]
      guard count > 0 else { return " " }
      return bars[min(Int(Double(count) / Double(most) * 7 + 0.5), 7)]
    }
    return "1e\(first + AnalysisKernels.firstDecade) \(String(text))"
  }
}
