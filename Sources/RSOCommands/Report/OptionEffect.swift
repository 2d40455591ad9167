import RSORuns

/// The runs of a sweep that have one value of an option, whatever their other options are.
package struct OptionEffect: Sendable, Equatable {
  package var option: String
  package var value: String
  package var runs: Int
  /// The figure that the sweep's runs are ranked by.
  package var figure: Spread

  /// A row for each value of each option that varies, in the order of the cells.
  ///
  /// - Parameter figure: Gives the figure of a run; nil if it has none.
  package static func all(
    _ runs: [ReportedRun], figure: (ReportedRun) -> Double?
  ) -> [OptionEffect] {
    let options = Set(runs.flatMap(\.cellOptions.keys)).sorted()
    return options.flatMap { option -> [OptionEffect] in
      var values: [String] = []
      var figures: [String: [Double]] = [:]
      for run in runs {
        guard let figure = figure(run) else { continue }
        let value = run.cellOptions[option].map(\.label) ?? "default"
        if figures[value] == nil { values.append(value) }
        figures[value, default: []].append(figure)
      }
      guard values.count > 1 else { return [] }
      return values.compactMap { value in
        Spread(figures[value] ?? []).map {
          OptionEffect(
            option: option, value: value, runs: figures[value]?.count ?? 0, figure: $0)
        }
      }
    }
  }
}
