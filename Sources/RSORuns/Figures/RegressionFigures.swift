import RSONetworks
import RSONumerics

/// The figures of a network that predicts numbers, in the targets' own units.
package struct RegressionFigures: Sendable, Equatable {
  package struct TargetFigures: Sendable, Equatable {
    /// The mean of the squared errors.
    package var squaredError: Double
    package var squaredErrorInterval: Interval?
    /// The mean of the absolute errors.
    package var absoluteError: Double
    package var absoluteErrorInterval: Interval?
    /// The coefficient of determination R2: the share of the targets' variance that is explained. It is
    /// negative for predictions that are worse than the mean; nil if all targets are equal.
    package var determination: Double?
  }

  package var perTarget: [TargetFigures]

  /// The mean over several targets of the squared error divided by the target's variance, which is 1 - R2; nil for one
  /// target, and if all of them are constant. It does not depend on the targets' units.
  package var relativeError: Double?
  package var relativeErrorInterval: Interval?

  /// The means over the targets; their intervals, nil for one sample, are those of the means over the samples of each
  /// sample's mean.
  package var squaredError: Double
  package var squaredErrorInterval: Interval?
  package var absoluteError: Double
  package var absoluteErrorInterval: Interval?
  /// The mean over the targets for which it is defined; nil if there are none.
  package var determination: Double?

  /// Returns nil without samples.
  ///
  /// - Parameters:
  ///   - targets: *Shape:* samples x `count`.
  ///   - predictions: *Shape:* samples x `count`.
  ///   - count: Numbers per sample.
  package init?(targets: [Float], predictions: [Float], count: Int, pool: WorkerPool) {
    precondition(count > 0 && targets.count == predictions.count && targets.count % count == 0)
    let samples = targets.count / count
    guard samples > 0 else { return nil }
    perTarget = []
    for target in 0..<count {
      let values = (0..<samples).map { Double(targets[$0 * count + target]) }
      let errors = (0..<samples).map { Double(predictions[$0 * count + target]) - values[$0] }
      perTarget.append(TargetFigures(values, errors: errors, pool))
    }
    let errors = targets.indices.map { Double(predictions[$0]) - Double(targets[$0]) }
    func mean(_ size: (Double) -> Double) -> [Double] {
      (0..<samples).map { sample in
        errors[sample * count..<(sample + 1) * count].reduce(0) { $0 + size($1) } / Double(count)
      }
    }
    squaredErrorInterval = Bootstrap.interval(ofMean: mean { $0 * $0 }, pool: pool)
    absoluteErrorInterval = Bootstrap.interval(ofMean: mean { abs($0) }, pool: pool)
    squaredError = perTarget.reduce(0) { $0 + $1.squaredError } / Double(count)
    absoluteError = perTarget.reduce(0) { $0 + $1.absoluteError } / Double(count)
    let relative = Self.relativeErrors(targets: targets, predictions: predictions, count: count)
    relativeError = relative.isEmpty ? nil : relative.reduce(0, +) / Double(samples)
    relativeErrorInterval = Bootstrap.interval(ofMean: relative, pool: pool)
    let defined = perTarget.compactMap(\.determination)
    determination = defined.isEmpty ? nil : defined.reduce(0, +) / Double(defined.count)
  }
}

extension RegressionFigures {
  /// For each sample, the mean over the targets of the squared error divided by the target's variance. Constant targets
  /// are left out. Empty for one target, and if all are constant.
  static func relativeErrors(targets: [Float], predictions: [Float], count: Int) -> [Double] {
    let varying = Targets.numbers(targets, count: count).moments.enumerated().filter { target, _ in
      stride(from: target, to: targets.count, by: count).contains { targets[$0] != targets[target] }
    }
    guard count > 1, !varying.isEmpty else { return [] }
    return stride(from: 0, to: targets.count, by: count).map { start in
      varying.reduce(0) { sum, entry in
        let place = start + entry.offset
        let error = (Double(predictions[place]) - Double(targets[place])) / entry.element.deviation
        return sum + error * error
      } / Double(varying.count)
    }
  }
}

extension RegressionFigures.TargetFigures {
  fileprivate init(_ targets: [Double], errors: [Double], _ pool: WorkerPool) {
    let (squares, sizes) = (errors.map { $0 * $0 }, errors.map { abs($0) })
    let count = Double(targets.count)
    squaredError = squares.reduce(0, +) / count
    squaredErrorInterval = Bootstrap.interval(ofMean: squares, pool: pool)
    absoluteError = sizes.reduce(0, +) / count
    absoluteErrorInterval = Bootstrap.interval(ofMean: sizes, pool: pool)
    let mean = targets.reduce(0, +) / count
    let variation = targets.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    determination = variation > 0 ? 1 - squares.reduce(0, +) / variation : nil
  }
}
