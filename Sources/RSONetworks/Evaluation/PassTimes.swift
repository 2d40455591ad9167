/// The seconds and the number of an evaluator's passes over samples, by searched layer and by pass.
///
/// A class, because the evaluator writes what its owner reads. One thread uses it.
package final class PassTimes {
  package struct Row: Sendable, Hashable {
    /// The searched layer; nil between two searches.
    package var layer: String?
    package var pass: String
    package var seconds: Double
    package var count: Int

    package init(layer: String?, pass: String, seconds: Double, count: Int) {
      self.layer = layer
      self.pass = pass
      self.seconds = seconds
      self.count = count
    }
  }

  private struct Key: Hashable {
    var layer: String?
    var pass: String
  }

  private let clock = ContinuousClock()
  private var places: [Key: Int] = [:]
  private var rows: [Row] = []

  package init() {}

  package func measure<Result>(
    layer: String?, _ pass: String, _ body: () throws -> Result
  ) rethrows -> Result {
    let start = clock.now
    let result = try body()
    add(layer: layer, pass, seconds: (clock.now - start) / .seconds(1))
    return result
  }

  package func add(layer: String?, _ pass: String, seconds: Double) {
    let key = Key(layer: layer, pass: pass)
    let place = places[key] ?? rows.count
    if place == rows.count {
      places[key] = place
      rows.append(Row(layer: layer, pass: pass, seconds: 0, count: 0))
    }
    rows[place].seconds += seconds
    rows[place].count += 1
  }

  /// Returns what was measured since the last call, in the order of first occurrence.
  package func take() -> [Row] {
    defer { (places, rows) = ([:], []) }
    return rows
  }
}
