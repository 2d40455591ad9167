import RSONetworks
import RSORuns

/// One layer, or one tensor of a file, from near.
struct LayerDetail {
  var name: String
  /// Each tensor of the layer, the weights first; of a file's tensor that alone.
  var tensors: [(name: String, shape: [Int], statistics: TensorStatistics)]
  var histogram: Histogram
  var filters: [FilterStatistics]
  /// On a calibration batch, if one was asked for.
  var activity: ChannelActivity?
  /// Images of that batch.
  var samples: Int?

  /// Channels that nothing of gets through to what follows.
  var deadChannels: [Int] { activity.map { $0.isRectified ? $0.neverPositive : [] } ?? [] }

  func text(_ palette: Palette, width: Int) -> String {
    var tensorTable = Table(columns: [
      .left("tensor"), .left("shape"), .right("mean"), .right("std"), .right("min"), .right("max"),
      .right("L2 norm"), .right("zeros"),
    ])
    for (name, shape, numbers) in tensors {
      tensorTable.add([
        name, shapeText(shape), Numbers.value(numbers.mean),
        Numbers.value(numbers.standardDeviation), Numbers.value(numbers.minimum),
        Numbers.value(numbers.maximum), Numbers.value(numbers.norm),
        Numbers.percent(numbers.shareOfZeros),
      ])
    }
    var parts = [palette.text(tensorTable), histogramText(palette, width: width)]
    if !filters.isEmpty { parts.append(filterText(palette)) }
    if let text = activityText { parts.append(deadChannels.isEmpty ? text : palette.warning(text)) }
    return parts.joined(separator: "\n\n")
  }

  private func histogramText(_ palette: Palette, width: Int) -> String {
    let most = histogram.counts.max() ?? 0
    let room = max(10, min(width - 34, 60))
    var table = Table(columns: [
      .right("from"), .right("to"), .right("count"), .left("of \(name)"),
    ])
    for (bin, count) in histogram.counts.enumerated() {
      table.add([
        Numbers.value(histogram.bound(bin)), Numbers.value(histogram.bound(bin + 1)),
        Numbers.grouped(count),
        Self.bar(most == 0 ? 0 : Double(count) / Double(most), width: room),
      ])
    }
    return palette.text(table)
  }

  /// A bar of eighths of a character; something for any count but 0.
  private static func bar(_ share: Double, width: Int) -> String {
    let eighths = share == 0 ? 0 : max(1, Int((share * Double(width * 8)).rounded()))
    let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
    return String(repeating: "█", count: eighths / 8) + rest
  }

  private func filterText(_ palette: Palette) -> String {
    let dead = Set(deadChannels)
    var columns: [Table.Column] = [
      .right("filter"), .right("mean"), .right("std"), .right("L2 norm"),
    ]
    if activity != nil { columns.append(.right("largest output")) }
    var table = Table(columns: columns + [.left("")])
    for filter in filters {
      var row = [
        "\(filter.output)", Numbers.value(filter.statistics.mean),
        Numbers.value(filter.statistics.standardDeviation), Numbers.value(filter.statistics.norm),
      ]
      if let activity { row.append(Numbers.value(activity.maxima[filter.output])) }
      let remarks =
        (filter.statistics.isConstant ? ["! constant"] : [])
        + (dead.contains(filter.output) ? ["! dead"] : [])
      table.add(row + [remarks.joined(separator: ", ")])
    }
    return palette.text(table) { row in
      filters[row].statistics.isConstant || dead.contains(filters[row].output)
    }
  }

  private var activityText: String? {
    guard let activity, let samples else { return nil }
    let images = "\(Numbers.grouped(samples)) training images"
    let silent = activity.neverPositive
    let list = silent.map(String.init).joined(separator: ", ")
    guard !silent.isEmpty else {
      return "every channel is positive somewhere, on \(images)"
    }
    return activity.isRectified
      ? "dead on \(images), never positive before the ReLU: \(list)"
      : "never positive on \(images), which no ReLU follows: \(list)"
  }
}
