import RSOExporters
import RSONetworks
import RSORuns
import RSOSearch

/// A run as TensorBoard's events: one for its beginning, and one for each finished cycle.
package struct RunEvents {
  private static let bins = 30
  /// Pictures of filters are enlarged to about this many pixels.
  private static let pictureSize = 256

  private let plan: SearchPlan
  private let layout: ParameterLayout

  package init(_ plan: SearchPlan) throws {
    self.plan = plan
    layout = try plan.architecture.layout()
  }

  /// Step 0: the settings and the initial weights.
  ///
  /// - Parameters:
  ///   - parameters: Nil if they are not known.
  ///   - time: Seconds since 1970.
  package func beginning(_ parameters: [Float]?, time: Double) -> TensorBoardEvent {
    TensorBoardEvent(
      time: time, step: 0,
      .values([.beginning(settings, time: time)] + (parameters.map(weights) ?? [])))
  }

  /// The step of a finished cycle.
  ///
  /// - Parameters:
  ///   - updates: The steps of the search up to the end of the cycle.
  ///   - parameters: Those at the end of the cycle; nil if they are not known.
  ///   - time: The end of the cycle, in seconds since 1970.
  ///   - isLast: The run ended with this cycle.
  package func cycle(
    _ record: CycleRecord, updates: Int, parameters: [Float]?, time: Double, isLast: Bool
  ) -> TensorBoardEvent {
    TensorBoardEvent(
      time: time, step: record.cycle,
      .values(
        scores(record) + search(record, updates: updates) + (parameters.map(weights) ?? [])
          + (isLast ? [.end(time: time)] : [])))
  }

  /// All options, so that runs can be compared that differ in one.
  private var settings: [TensorBoardValue.Setting] {
    let entries = PlanEntry.all(of: plan).filter { $0.isOption && $0.name != "init" }
    return [TensorBoardValue.Setting("network", .text(plan.architecture.name))]
      + entries.map { entry in
        TensorBoardValue.Setting(
          entry.name, Double(entry.value).map { .number($0) } ?? .text(entry.value))
      }
  }

  private func scalar(
    _ tag: String, _ value: Double, _ description: String = ""
  ) -> TensorBoardValue {
    TensorBoardValue(tag, .scalar(Float(value)), description: description)
  }

  private func scores(_ record: CycleRecord) -> [TensorBoardValue] {
    let loss = plan.options.targetScales.unit(of: plan.options.loss.meanName)
    var values = [
      scalar("loss/training", record.trainingLoss, "\(loss) on minibatches, of the chosen weights")
    ]
    for (name, score) in [("validation", record.validation), ("test", record.test)] {
      guard let score else { continue }
      values.append(scalar("loss/\(name)", score.loss, "\(loss) on the \(name) set"))
      if let accuracy = score.accuracy { values.append(scalar("accuracy/\(name)", accuracy)) }
    }
    return values
  }

  private func search(_ record: CycleRecord, updates: Int) -> [TensorBoardValue] {
    var values = [
      scalar("run/updates", Double(updates), "steps of the search up to the end of the cycle"),
      scalar("run/seconds", record.seconds, "duration of the cycle"),
      scalar("run/evaluations", Double(record.evaluations), "losses evaluated in the cycle"),
      scalar(
        "accepted/all layers", record.tallies.total.shareChanged,
        "share of steps that changed the weight"),
    ]
    for (index, layer) in layout.layers.enumerated() {
      if record.tallies.indices.contains(index) {
        values.append(scalar("accepted/\(layer.name)", record.tallies[index].shareChanged))
      }
      if record.deviations.indices.contains(index) {
        values.append(scalar("deviation/\(layer.name)", record.deviations[index]))
      }
    }
    return values
  }

  /// The distributions of the weights of all layers, and the filters of the first one.
  private func weights(_ parameters: [Float]) -> [TensorBoardValue] {
    var values = layout.layers.compactMap { layer in
      layer.tensor(.weight).flatMap { tensor in
        histogram(parameters[tensor.range]).map {
          TensorBoardValue("weights/\(layer.name)", .histogram($0))
        }
      }
    }
    if let sheet = FilterSheet(layout, parameters, input: plan.architecture.input) {
      let image = sheet.image.enlarged(to: Self.pictureSize)
      if let png = image.file {
        values.append(
          TensorBoardValue(
            "filters/\(sheet.name)",
            .image(width: image.width, height: image.height, png: png), description: sheet.caption))
      }
    }
    return values
  }

  /// Returns nil if no weight is finite.
  private func histogram(_ weights: ArraySlice<Float>) -> [TensorBoardValue.Bin]? {
    let histogram = Histogram(weights, bins: Self.bins)
    guard histogram.counts.contains(where: { $0 > 0 }) else { return nil }
    // TensorBoard gives equal values a bin of this width, too.
    let margin = histogram.counts.count == 1 ? 0.5 : 0
    return histogram.counts.indices.map { bin in
      TensorBoardValue.Bin(
        lower: histogram.bound(bin) - margin, upper: histogram.bound(bin + 1) + margin,
        count: histogram.counts[bin])
    }
  }
}
