import RSOCheckpoints
import RSONetworks
import RSORuns
import Synchronization

/// The distribution of each layer's weights in the course of a run, from its checkpoints.
package struct WeightsByCycle: Sendable, Equatable {
  /// The most states that are shown of a run. To read one takes some milliseconds.
  static let mostStates = 24
  /// Of networks with more parameters in all states together, fewer states are read.
  private static let mostParameters = 1 << 26
  /// Of layers with more weights, this many that are evenly spread stand for all.
  private static let mostWeights = 1 << 16
  /// The shares of the weights that are not above the quantiles.
  package static let shares = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1]

  package struct Layer: Sendable, Equatable {
    package var name: String
    /// *Shape:* states x shares. NaN where no weight is finite.
    package var quantiles: [[Double]]
  }

  /// The cycles after which the states stand, in ascending order; 0 is the beginning of the run.
  package var cycles: [Int]
  package var layers: [Layer]
  /// The run's finished cycles.
  package var finished: Int
  /// Checkpoints that were left out, because there are more than are shown.
  package var notRead: Int
  /// Checkpoints that are damaged, or of another branch of the run.
  package var unusable: Int

  /// Reads checkpoints that are evenly spread over the run.
  ///
  /// - Parameter states: The most states, the run's beginning and its newest state among them.
  package init(_ run: ReportedRun, states: Int, pool: WorkerPool) {
    let newest = run.checkpoint
    let layers = WeightDistribution.layers(of: run.inspection)
    let finished = newest.state.cursor.cycle
    var found: [Int: [[Double]]] = [:]
    if let beginning = run.inspection.beginning {
      found[0] = Self.quantiles(of: layers, in: beginning)
    }
    if newest.isCycleEnd, finished > 0 {
      found[finished] = Self.quantiles(of: layers, in: newest.state.parameters)
    }
    let paths = RunPaths(around: run.path)
    let files = paths.cycles().filter { $0 > 0 && $0 <= finished && found[$0] == nil }
    let room = min(
      states, max(3, Self.mostParameters / max(1, run.inspection.layout.parameterCount)))
    let chosen = Self.spread(files, count: room - found.count)
    let read = Mutex<[Int: [[Double]]]>([:])
    pool.run(chosen.count) { index, _ in
      guard let state = newest.earlier(cycle: chosen[index], in: paths) else { return }
      let quantiles = Self.quantiles(of: layers, in: state.state.parameters)
      read.withLock { $0[chosen[index]] = quantiles }
    }
    found.merge(read.withLock { $0 }) { $1 }
    let cycles = found.keys.sorted()
    self.cycles = cycles
    self.layers = layers.indices.map { layer in
      Layer(name: layers[layer].name, quantiles: cycles.compactMap { found[$0]?[layer] })
    }
    self.finished = finished
    notRead = files.count - chosen.count
    unusable = chosen.count { found[$0] == nil }
  }

  /// Returns `count` elements, evenly spread from the first to the last one; all if there are fewer.
  package static func spread(_ numbers: [Int], count: Int) -> [Int] {
    guard numbers.count > count else { return numbers }
    guard count > 1 else { return count == 1 ? [numbers[numbers.count / 2]] : [] }
    return (0..<count).map { numbers[$0 * (numbers.count - 1) / (count - 1)] }
  }

  private static func quantiles(
    of layers: [ParameterLayer], in parameters: [Float]
  ) -> [[Double]] {
    layers.map { layer in layer.tensor(.weight).map { quantiles(parameters[$0.range]) } ?? [] }
  }

  /// Returns the quantiles of numbers that are finite, interpolated between the two that are nearest. The first and the
  /// last one are exact.
  package static func quantiles(_ weights: ArraySlice<Float>) -> [Double] {
    let step = max(1, (weights.count + mostWeights - 1) / mostWeights)
    var sorted = stride(from: weights.startIndex, to: weights.endIndex, by: step)
      .map { weights[$0] }.filter(\.isFinite)
    sorted.sort()
    let finite = weights.lazy.filter(\.isFinite)
    guard !sorted.isEmpty, let low = finite.min(), let high = finite.max() else {
      return shares.map { _ in .nan }
    }
    return shares.map { share in
      if share == 0 { return Double(low) }
      if share == 1 { return Double(high) }
      let place = share * Double(sorted.count - 1)
      let index = Int(place)
      let (below, above) = (sorted[index], sorted[min(index + 1, sorted.count - 1)])
      return Double(below) + (Double(above) - Double(below)) * (place - Double(index))
    }
  }

  // MARK: Words

  /// The states that are shown, and those that are not.
  package var remark: String {
    let known = "after \(cycles.count == 1 ? "cycle" : "cycles") \(Numbers.ranges(cycles))"
    var reasons: [String] = []
    if notRead > 0 {
      reasons.append(
        "\(Numbers.count(notRead, "other checkpoint")) \(notRead == 1 ? "was" : "were") not read")
    }
    if unusable > 0 {
      reasons.append(
        "\(Numbers.count(unusable, "checkpoint")) \(unusable == 1 ? "is" : "are") damaged or of "
          + "another branch")
    }
    let missing = max(0, finished + 1 - cycles.count - notRead - unusable)
    if missing > 0 {
      reasons.append(
        "\(Numbers.count(missing, "other state")) \(missing == 1 ? "has" : "have") no checkpoint")
    }
    let rest = reasons.isEmpty ? "" : "; " + reasons.joined(separator: ", ")
    return (cycles.isEmpty ? "The weights of no cycle are known" : "Weights \(known)") + rest + "."
  }

  var json: ReportValue {
    .object([
      "cycles": cycles.reportValue, "shares": Self.shares.reportValue,
      "layers": .list(
        layers.map { .object(["layer": .text($0.name), "quantiles": $0.quantiles.reportValue]) }),
      "not_read": .integer(notRead), "unusable": .integer(unusable),
    ])
  }
}
