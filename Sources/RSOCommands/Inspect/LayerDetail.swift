import RSONetworks
import RSORuns

/// One layer of a checkpoint, or one tensor of another file, in detail.
package struct LayerDetail {
  package struct Tensor {
    let name: String
    let shape: [Int]
    let statistics: TensorStatistics
  }

  let name: String
  /// The layer's tensors, the weights first; or the file's tensor.
  let tensors: [Tensor]
  let histogram: Histogram
  let filters: [FilterStatistics]
  /// The layer's outputs on training images, if they were asked for.
  var activity: ChannelActivity?
  /// The number of these images.
  var samples: Int?

  /// Channels whose output never reaches the next layer.
  var deadChannels: [Int] { activity.map { $0.isRectified ? $0.neverPositive : [] } ?? [] }

  // MARK: Columns

  private static var tensorColumns: [Column<Tensor>] {
    [
      Column("tensor", "tensor", align: .left, \.name),
      Column("shape", "shape", align: .left, \.shape) { shapeText($0.shape) },
    ] + TensorStatistics.columns.map { $0.of(\Tensor.statistics) }
  }

  private struct Filter {
    let filter: FilterStatistics
    let largestOutput: Double?
    let isDead: Bool

    var marks: [String] {
      (filter.statistics.isConstant ? ["constant"] : []) + (isDead ? ["dead"] : [])
    }
  }

  private var filterRows: [Filter] {
    let dead = Set(deadChannels)
    return filters.map { filter in
      Filter(
        filter: filter, largestOutput: (activity?.maxima[filter.output]).map { Double($0) },
        isDead: dead.contains(filter.output))
    }
  }

  /// A row for each filter.
  private var filterReport: Report<Filter> {
    let statistics = TensorStatistics.columns.map { column in
      column.of(in: ["mean", "std", "norm"].contains(column.key) ? nil : [.csv, .json]) {
        (row: Filter) in row.filter.statistics
      }
    }
    return Report(
      filterRows,
      columns: [Column("filter", "filter", \.filter.output)] + statistics + [
        Column(
          "largest_output", "largest output", as: .value,
          in: activity == nil ? [.csv, .json] : [.table, .csv, .json], \.largestOutput),
        Column("marks", "", align: .left, \.marks) { row in
          row.marks.map { "! \($0)" }.joined(separator: ", ")
        },
      ])
  }

  private struct Bin {
    let from: Double
    let to: Double
    let count: Int
    /// Of the fullest bin.
    let share: Double
  }

  /// A row for each bin of the histogram.
  private func histogramReport(width: Int) -> Report<Bin> {
    let most = max(1, histogram.counts.max() ?? 0)
    let bins = histogram.counts.enumerated().map { bin, count in
      Bin(
        from: histogram.bound(bin), to: histogram.bound(bin + 1), count: count,
        share: Double(count) / Double(most))
    }
    return Report(
      bins,
      columns: [
        Column("from", "from", as: .value, \.from), Column("to", "to", as: .value, \.to),
        Column("count", "count", as: .grouped, \.count),
        Column("bar", "of \(name)", align: .left, in: [.table]) {
          Self.bar($0.share, width: width)
        },
      ])
  }

  /// A bar in eighths of a character. Any count above 0 has a bar.
  private static func bar(_ share: Double, width: Int) -> String {
    let eighths = share == 0 ? 0 : max(1, Int((share * Double(width * 8)).rounded()))
    let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
    return String(repeating: "█", count: eighths / 8) + rest
  }

  // MARK: Renderings

  package func text(_ palette: Palette, width: Int) -> String {
    var parts = [
      palette.text(Report(tensors, columns: Self.tensorColumns).table()),
      palette.text(histogramReport(width: max(10, min(width - 34, 60))).table()),
    ]
    if !filters.isEmpty {
      let report = filterReport
      parts.append(palette.text(report.table()) { !report.rows[$0].marks.isEmpty })
    }
    if let text = activityText { parts.append(deadChannels.isEmpty ? text : palette.warning(text)) }
    return parts.joined(separator: "\n\n")
  }

  private var activityText: String? {
    guard let activity, let samples else { return nil }
    let images = "\(Numbers.grouped(samples)) training images"
    let silent = activity.neverPositive
    let list = silent.map(String.init).joined(separator: ", ")
    guard !silent.isEmpty else {
      return "on \(images) every channel is positive at least once"
    }
    return activity.isRectified
      ? "dead channels (never positive before the ReLU on \(images)): \(list)"
      : "channels that are never positive on \(images), with no ReLU behind them: \(list)"
  }

  /// A row for each filter.
  package var csv: String { filterReport.csv }

  package var json: ReportValue {
    .object([
      "layer": name.reportValue,
      "tensors": Report(tensors, columns: Self.tensorColumns).json,
      "histogram": histogramReport(width: 0).json,
      "filters": filterReport.json,
      "never_positive": (activity?.neverPositive).reportValue,
      "dead": activity.map { _ in deadChannels }.reportValue,
      "samples": samples.reportValue,
    ])
  }
}
