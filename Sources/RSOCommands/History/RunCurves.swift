import RSOSearch
import RSOSystem

/// Learning curves of runs, as panels of a picture.
///
/// The runs of a sweep's cell, and runs that differ only in their seeds, are one curve with a band.
struct RunCurves {
  let histories: [RunHistory]
  private let groups: [CurveGroup]

  /// A set of samples with its score in a cycle.
  private struct ScoredSet {
    var name: String
    /// The colour in a picture of a single run, the same in all panels.
    var color: Int
    var score: (CycleRecord) -> SetScore?

    var title: String { name.prefix(1).uppercased() + name.dropFirst() }
  }

  init(_ histories: [RunHistory]) {
    self.histories = histories
    groups = CurveGroup.all(histories)
  }

  var title: String {
    guard let first = histories.first, histories.count == 1 else {
      let sweeps = Set(histories.map { $0.place?.sweep })
      let name = sweeps.count == 1 ? sweeps.first.flatMap { $0 } : nil
      return (name.map { "\(printable($0)): " } ?? "") + "\(histories.count) runs"
        + (CurveGroup.options(groups).map { ", by \($0)" } ?? "")
    }
    return
      "\(printable(first.name)): \(first.network), seed \(first.seed), \(Numbers.count(first.cycles.count, "cycle"))"
  }

  /// Returns the panels of a picture: accuracy and loss of all runs over each axis. Then, for each run outside a
  /// sweep, the deviations and shares of changed weights.
  func panels(over axes: [CurveAxis]) -> [PlotPanel] {
    let sets = sets.filter(hasAccuracy)
    var panels = sets.flatMap { set in axes.map { accuracy([set], over: $0) } }
    if histories.count == 1, sets.count > 1 { panels = axes.map { accuracy(sets, over: $0) } }
    panels += axes.map { loss(over: $0, scale: isPositive ? .logarithmic : .linear) }
    for history in histories where history.place == nil {
      let suffix = histories.count > 1 ? " of \(printable(history.name))" : ""
      panels.append(
        layers(history, "Deviation of proposals\(suffix)", "deviation") { $0.deviations[$1] })
      panels.append(
        layers(
          history, "Accepted proposals\(suffix)", "steps that change the weight, %", isShare: true
        ) { $0.tallies[$1].shareChanged })
    }
    return panels
  }

  // MARK: Accuracy

  private let sets = [
    ScoredSet(name: "validation", color: 0, score: \.validation),
    ScoredSet(name: "test", color: 1, score: \.test),
  ]

  private func hasAccuracy(_ set: ScoredSet) -> Bool {
    histories.contains { $0.cycles.contains { set.score($0.record)?.accuracy != nil } }
  }

  /// Returns panels with the accuracy: of a single run one, of several runs one for each set. On a logarithmic
  /// scale they show the error: the share of wrong answers.
  func accuracies(over axis: CurveAxis, scale: PlotScale) -> [PlotPanel] {
    let sets = sets.filter(hasAccuracy)
    guard !sets.isEmpty else { return [] }
    return groups.count == 1
      ? [accuracy(sets, over: axis, scale: scale)]
      : sets.map { accuracy([$0], over: axis, scale: scale) }
  }

  private func accuracy(
    _ sets: [ScoredSet], over axis: CurveAxis, scale: PlotScale = .linear
  ) -> PlotPanel {
    let label = axis.label(histories)
    let what = scale == .linear ? "accuracy" : "error"
    let only = sets.count == 1 ? sets[0] : nil
    let series = groups.enumerated().flatMap { index, group in
      sets.map { set in
        let name = only == nil ? set.name : groups.count > 1 ? group.name : ""
        return group.series(
          { record in
            set.score(record)?.accuracy.map { scale == .linear ? $0 : 1 - $0 }
          }, over: axis, among: histories, name: name,
          color: groups.count == 1 ? set.color : index,
          isDashed: index >= PlotStyle.count)
      }
    }
    var panel = PlotPanel(
      title: only.map { "\($0.title) \(what) over \(label)" }
        ?? "\(what.prefix(1).uppercased())\(what.dropFirst()) over \(label)",
      xLabel: label,
      yLabel: (only.map { "\($0.name) " } ?? "") + "\(what), %",
      series: series, isShare: true, scale: scale)
    panel.hasWholeMarks = axis != .hours
    return panel
  }

  // MARK: Loss

  /// True if every loss is above 0, so that a logarithmic axis shows all of them.
  private var isPositive: Bool {
    histories.allSatisfy { history in
      history.cycles.allSatisfy { cycle in
        let losses = [cycle.record.validation?.loss, cycle.record.test?.loss]
        return (losses.compactMap { $0 } + [cycle.record.trainingLoss]).allSatisfy {
          $0.isFinite && $0 > 0
        }
      }
    }
  }

  /// The loss on the validation set, or else the test set, and on minibatches. Of a single run, all three.
  func loss(over axis: CurveAxis, scale: PlotScale) -> PlotPanel {
    let label = axis.label(histories)
    let isValidated = histories.contains { $0.isValidated }
    let shown = sets.filter { set in
      groups.count == 1 || set.name == (isValidated ? "validation" : "test")
    }
    let isAlone = groups.count == 1
    var panel = PlotPanel(
      title: "Loss over \(label)", xLabel: label, yLabel: lossLabel,
      series: groups.enumerated().flatMap { index, group in
        shown.map { set in
          group.series(
            { set.score($0)?.loss }, over: axis, among: histories,
            name: isAlone ? set.name : group.name, color: isAlone ? set.color : index)
        } + [
          group.series(
            \.trainingLoss, over: axis, among: histories,
            name: isAlone ? "minibatches" : "", color: isAlone ? 7 : index, isDashed: true)
        ]
      }, fromZero: scale == .linear, scale: scale)
    if groups.count > 1 { panel.yLabel += " (dashed: minibatches)" }
    panel.hasWholeMarks = axis != .hours
    return panel
  }

  private var lossLabel: String {
    guard let first = histories.first?.plan.options,
      histories.allSatisfy({
        $0.loss == first.loss && $0.plan.options.targetScales == first.targetScales
      })
    else { return "mean loss" }
    return first.targetScales.unit(of: first.loss.meanName)
  }

  // MARK: Layers

  private func layers(
    _ history: RunHistory, _ title: String, _ label: String, isShare: Bool = false,
    _ value: @escaping (CycleRecord, Int) -> Double
  ) -> PlotPanel {
    let group = CurveGroup(name: "", histories: [history])
    return PlotPanel(
      title: title, xLabel: "cycles", yLabel: label,
      series: history.layers.enumerated().map { index, name in
        group.series(
          { value($0, index) }, over: .cycle, among: histories, name: name, color: index,
          isDashed: index >= PlotStyle.count)
      }, isShare: isShare, fromZero: !isShare)
  }
}
