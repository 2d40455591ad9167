import RSONetworks
import RSOSearch

/// The cycles of a run, a row each.
enum HistoryTable {
  static func text(_ history: [CycleRecord], loss: Loss, _ palette: Palette) -> String {
    guard !history.isEmpty else { return "no cycle is finished" }
    var table = Table(columns: [
      .right("cycle"), .right(loss.title), .right("test \(loss.title)"),
      .right("test accuracy"), .right("changed"), .right("evaluations"), .right("time"),
    ])
    for record in history {
      table.add([
        "\(record.cycle)", Numbers.fixed(record.trainingLoss, 4),
        Numbers.fixed(record.testLoss, 4), Numbers.percent(record.testAccuracy),
        Numbers.percent(record.tallies.shareChanged), Numbers.grouped(record.evaluations),
        Numbers.duration(record.seconds),
      ])
    }
    return palette.text(table)
  }

  /// A line of bars for each quantity, and for each layer's share of changed weights.
  static func sparklines(_ history: [CycleRecord], layers: [String], loss: Loss, width: Int)
    -> String
  {
    var table = Table(columns: [.left(""), .right("first"), .left(""), .right("last")])
    let bars = max(10, min(width - 40, 100))
    func add(_ name: String, _ values: [Double], _ text: (Double) -> String) {
      guard let first = values.first, let last = values.last else { return }
      table.add([name, text(first), Sparkline.text(values, width: bars), text(last)])
    }
    add(loss.title, history.map(\.trainingLoss)) { Numbers.fixed($0, 4) }
    add("test \(loss.title)", history.map(\.testLoss)) { Numbers.fixed($0, 4) }
    add("test accuracy", history.map(\.testAccuracy), Numbers.percent)
    for (index, name) in layers.enumerated() {
      add("changed \(name)", history.map { $0.tallies[index].shareChanged }, Numbers.percent)
    }
    return table.description
  }
}

extension Loss {
  /// What a column of it is called.
  fileprivate var title: String { self == .crossEntropy ? "loss" : "\(rawValue) loss" }
}

extension StepTally {
  /// Share of the steps that changed their weight; 0 of none.
  var shareChanged: Double { steps == 0 ? 0 : Double(plus + minus) / Double(steps) }
}

extension [StepTally] {
  var shareChanged: Double { total.shareChanged }
}
