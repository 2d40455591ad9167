import RSORuns
import RSOSearch
import RSOSystem

/// Runs that are shown as one curve: the runs of a sweep's cell, or runs that differ only in their seeds.
struct CurveGroup {
  var name: String
  var histories: [RunHistory]

  /// The groups of runs, in the order of their first runs.
  static func all(_ histories: [RunHistory]) -> [CurveGroup] {
    var groups: [CurveGroup] = []
    for history in histories {
      if let index = groups.firstIndex(where: { group in
        group.histories.allSatisfy { $0.isSameButForSeed(history) }
      }) {
        groups[index].histories.append(history)
      } else {
        groups.append(CurveGroup(name: "", histories: [history]))
      }
    }
    for index in groups.indices { groups[index].name = groups[index].ownName }
    guard let values = values(of: groups) else { return groups }
    for index in groups.indices { groups[index].name = values[index] }
    return groups
  }

  /// The options whose values are the names of the groups, such as `batch-size, hold`; nil if the names are
  /// whole.
  static func options(_ groups: [CurveGroup]) -> String? {
    guard values(of: groups) != nil, let cell = groups.first?.histories[0].place?.cell else {
      return nil
    }
    return settings(cell)?.map(\.option).joined(separator: ", ")
  }

  /// The values alone, for cells that are named by the same options: `500, 2` for `batch-size=500,hold=2`.
  private static func values(of groups: [CurveGroup]) -> [String]? {
    let cells = groups.compactMap { $0.histories[0].place.flatMap { settings($0.cell) } }
    guard groups.count > 1, cells.count == groups.count,
      Set(cells.map { $0.map(\.option) }).count == 1
    else { return nil }
    return cells.map { printable($0.map(\.value).joined(separator: ", ")) }
  }

  private static func settings(_ cell: String) -> [(option: String, value: String)]? {
    let parts = cell.split(separator: ",").map { $0.split(separator: "=", maxSplits: 1) }
    guard parts.allSatisfy({ $0.count == 2 }) else { return nil }
    return parts.map { (String($0[0]), String($0[1])) }
  }

  private var ownName: String {
    if let place = histories[0].place { return printable(place.cell) }
    let first = printable(histories[0].name)
    guard histories.count > 1 else { return first }
    let common = histories.dropFirst().reduce(first) { common, history in
      String(zip(common, printable(history.name)).prefix { $0 == $1 }.map(\.0))
    }
    return (common.count < 3 ? first : common + "…") + " (\(histories.count) seeds)"
  }

  /// The curve of a figure: its mean over the runs, with a band from the lowest to the highest. It has the cycles
  /// that all runs have finished.
  func series(
    _ value: (CycleRecord) -> Double?, over axis: CurveAxis, among all: [RunHistory],
    name: String, color: Int, isDashed: Bool = false
  ) -> PlotSeries {
    let curves = histories.map { history in
      zip(axis.places(history, among: all), history.cycles).map { ($0, value($1.record)) }
    }
    let length = curves.map(\.count).min() ?? 0
    var points: [(x: Double, y: Double)] = []
    var band: [PlotSeries.Range] = []
    for cycle in 0..<length {
      let values = curves.compactMap { $0[cycle].1 }
      guard values.count == curves.count, let spread = Spread(values) else { continue }
      let x = curves.reduce(0) { $0 + $1[cycle].0 } / Double(curves.count)
      points.append((x, spread.mean))
      if curves.count > 1 {
        band.append(PlotSeries.Range(x: x, low: spread.min, high: spread.max))
      }
    }
    return PlotSeries(name: name, points: points, band: band, color: color, isDashed: isDashed)
  }
}
