import RSOSearch
import RSOSystem

/// The panels of a picture of runs.
enum RunCurves {
  static func title(_ histories: [RunHistory]) -> String {
    guard let first = histories.first, histories.count == 1 else {
      let sweeps = Set(histories.map { $0.place?.sweep })
      let name = sweeps.count == 1 ? sweeps.first.flatMap { $0 } : nil
      return (name.map { "\($0): " } ?? "") + "\(histories.count) runs"
    }
    return
      "\(printable(first.name)): \(first.network), seed \(first.seed), \(Numbers.count(first.cycles.count, "cycle"))"
  }

  /// Returns panels with accuracy and loss of all runs, over cycles and over weight updates. Then, for
  /// each run outside a sweep, panels with the deviations and shares of changed weights.
  ///
  /// The runs of a sweep's cell have one colour and its name.
  static func panels(_ histories: [RunHistory]) -> [PlotPanel] {
    let overCycles: (RunHistory) -> [Double] = { $0.cycles.map { Double($0.record.cycle) } }
    let overUpdates: (RunHistory) -> [Double] = { $0.cycles.map { Double($0.updates) } }
    let names = histories.map { $0.place?.cell ?? printable($0.name) }
    let colors = names.map { name in names.firstIndex(of: name) ?? 0 }
      .map { first in Set(names[..<first]).count }
    let legend = names.indices.map { index in
      names[..<index].contains(names[index]) ? "" : names[index]
    }
    var panels: [PlotPanel] = []
    let sets: [(String, String, (CycleRecord) -> SetScore?)] = [
      ("Validation", "validation", \.validation), ("Test", "test", \.test),
    ].filter { _, _, score in
      histories.contains { $0.cycles.contains { score($0.record)?.accuracy != nil } }
    }
    for (title, set, score) in sets {
      for (x, label) in [(overCycles, "cycles"), (overUpdates, "weight updates")] {
        panels.append(
          PlotPanel(
            title: "\(title) accuracy over \(label)", xLabel: label,
            yLabel: "\(set) accuracy, %",
            series: histories.enumerated().map { index, history in
              PlotSeries(
                name: legend[index],
                points: points(x(history), history.cycles.map { score($0.record)?.accuracy }),
                color: colors[index], isDashed: colors[index] >= 8)
            }, isShare: true))
      }
    }
    for (x, label) in [(overCycles, "cycles"), (overUpdates, "weight updates")] {
      panels.append(
        PlotPanel(
          title: "Loss over \(label)", xLabel: label, yLabel: lossLabel(histories),
          series: histories.enumerated().flatMap { index, history -> [PlotSeries] in
            func name(_ what: String) -> String {
              if histories.count == 1 { return what }
              return legend[index].isEmpty ? "" : "\(legend[index]) \(what)"
            }
            return [
              PlotSeries(
                name: name(history.isValidated ? "validation" : "test"),
                points: points(
                  x(history),
                  history.cycles.map { cycle in
                    let record = cycle.record
                    return (history.isValidated ? record.validation : record.test)?.loss
                  }), color: colors[index]),
              PlotSeries(
                name: name("minibatches"),
                points: points(x(history), history.cycles.map(\.record.trainingLoss)),
                color: colors[index], isDashed: true),
            ]
          }, fromZero: true))
    }
    for history in histories where history.place == nil {
      let suffix = histories.count > 1 ? " of \(printable(history.name))" : ""
      panels.append(
        PlotPanel(
          title: "Deviation of proposals\(suffix)", xLabel: "cycles", yLabel: "deviation",
          series: layers(history, x: overCycles) { $0.deviations[$1] }, fromZero: true))
      panels.append(
        PlotPanel(
          title: "Accepted proposals\(suffix)", xLabel: "cycles",
          yLabel: "steps that change the weight, %",
          series: layers(history, x: overCycles) { $0.tallies[$1].shareChanged }, isShare: true))
    }
    return panels
  }

  private static func lossLabel(_ histories: [RunHistory]) -> String {
    guard let first = histories.first, histories.allSatisfy({ $0.loss == first.loss }) else {
      return "mean loss"
    }
    return first.loss.meanName
  }

  private static func layers(
    _ history: RunHistory, x: (RunHistory) -> [Double], _ value: (CycleRecord, Int) -> Double
  ) -> [PlotSeries] {
    history.layers.enumerated().map { index, name in
      PlotSeries(
        name: name, points: points(x(history), history.cycles.map { value($0.record, index) }),
        color: index, isDashed: index >= 8)
    }
  }

  /// The points whose value is known.
  private static func points(_ x: [Double], _ y: [Double?]) -> [(x: Double, y: Double)] {
    zip(x, y).compactMap { x, y in y.map { (x: x, y: $0) } }
  }
}
