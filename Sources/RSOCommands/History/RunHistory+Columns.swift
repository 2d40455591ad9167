import RSONetworks
import RSOSearch

extension RunHistory {
  /// A row for each cycle. Programs also get its run, and figures of each layer.
  static func columns(_ loss: Loss) -> [Column<Cycle>] {
    [
      Column("run", in: [.csv], \.run),
      Column("cycle", "cycle", \.record.cycle),
      Column("updates", \.updates),
      Column("training_loss", loss.title, as: .loss, \.record.trainingLoss),
      Column("validation_loss", "validation \(loss.title)", as: .loss, in: .ifKnown) {
        $0.record.validation?.loss
      },
      Column("validation_accuracy", "validation accuracy", as: .percent, in: .ifKnown) {
        $0.record.validation?.accuracy
      },
      Column("test_loss", "test \(loss.title)", as: .loss, in: .ifKnown) {
        $0.record.test?.loss
      },
      Column("test_accuracy", "test accuracy", as: .percent, in: .ifKnown) {
        $0.record.test?.accuracy
      },
      Column("evaluations", "evaluations", as: .grouped, \.record.evaluations),
      Column("seconds", "time", as: .duration, \.record.seconds),
      Column("kept", \.record.tallies.total.kept),
      Column("plus", \.record.tallies.total.plus),
      Column("minus", \.record.tallies.total.minus),
      Column("changed", "changed", as: .percent, \.record.tallies.total.shareChanged),
      Column("deviations", in: [.json], \.record.deviations),
      Column("choices", in: [.json]) { $0.record.tallies.map(\.reportValue) },
    ]
  }

  /// A row for each cycle.
  var report: Report<Cycle> {
    Report(cycles, columns: Self.columns(loss))
  }

  package var csv: String { Self.csv([self]) }

  /// The rows of all runs, one after the other.
  package static func csv(_ histories: [RunHistory]) -> String {
    let loss = histories.first?.loss ?? .crossEntropy
    return Report(histories.flatMap(\.cycles), columns: columns(loss)).csv
  }

  var cyclesJSON: ReportValue { report.json }

  package var json: ReportValue {
    .object([
      "run": name.reportValue, "network": network.reportValue, "seed": seed.reportValue,
      "loss_function": loss.rawValue.reportValue,
      "target_scales": plan.options.targetScales.reportText.reportValue,
      "layers": layers.reportValue, "cycles": cyclesJSON,
    ])
  }

  /// - Parameter barWidth: Characters of a line for bars below the table; nil for no bars.
  package func text(_ palette: Palette, barWidth: Int?) -> String {
    guard !cycles.isEmpty else { return "no cycle is finished" }
    let table = palette.text(report.table())
    return barWidth.map { table + "\n\n" + bars(width: $0) } ?? table
  }

  /// A line of bars for each quantity, and for each layer's share of changed weights.
  private func bars(width: Int) -> String {
    var table = Table(columns: [.left(""), .right("first"), .left(""), .right("last")])
    let room = max(10, min(width - 40, 100))
    func add(_ name: String, _ value: (CycleRecord) -> Double?, _ text: (Double) -> String) {
      let values = cycles.compactMap { value($0.record) }
      // Without a value there is no line.
      guard let first = values.first, let last = values.last else { return }
      table.add([name, text(first), Sparkline.text(values, width: room), text(last)])
    }
    add(loss.title, \.trainingLoss) { Numbers.loss($0) }
    add("validation \(loss.title)", \.validation?.loss) { Numbers.loss($0) }
    add("validation accuracy", \.validation?.accuracy, Numbers.percent)
    add("test \(loss.title)", \.test?.loss) { Numbers.loss($0) }
    add("test accuracy", \.test?.accuracy, Numbers.percent)
    for (index, name) in layers.enumerated() {
      add("changed \(name)", { $0.tallies[index].shareChanged }, Numbers.percent)
    }
    return table.description
  }
}

extension Loss {
  /// The heading of a column with this loss.
  fileprivate var title: String { self == .crossEntropy ? "loss" : "\(rawValue) loss" }
}

extension StepTally: Reportable {
  package var reportValue: ReportValue {
    .object(["kept": .integer(kept), "plus": .integer(plus), "minus": .integer(minus)])
  }
}
