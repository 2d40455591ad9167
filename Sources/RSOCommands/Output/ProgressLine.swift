/// What the live line says.
package struct ProgressLine: Sendable, Equatable {
  /// The cycle at hand, from 1.
  package var cycle: Int
  package var cycles: Int
  package var layer: String
  /// Parameters of the layer that were visited, and all of them.
  package var done: Int
  package var total: Int
  /// Nil before anything was timed.
  package var stepsPerSecond: Double?
  /// Share of the cycle's steps that changed their parameter, and their mean loss; nil before the
  /// first.
  package var changed: Double?
  package var loss: Double?
  package var restOfCycle: Double?
  package var restOfRun: Double?

  package init(
    cycle: Int, cycles: Int, layer: String, done: Int, total: Int, stepsPerSecond: Double? = nil,
    changed: Double? = nil, loss: Double? = nil, restOfCycle: Double? = nil,
    restOfRun: Double? = nil
  ) {
    self.cycle = cycle
    self.cycles = cycles
    self.layer = layer
    self.done = done
    self.total = total
    self.stepsPerSecond = stepsPerSecond
    self.changed = changed
    self.loss = loss
    self.restOfCycle = restOfCycle
    self.restOfRun = restOfRun
  }

  /// One line of at most `width` characters: what does not fit is left out, the least telling first.
  package func text(width: Int) -> String {
    let progress = "\(Numbers.grouped(done))/\(Numbers.grouped(total))"
    // In the order of the line; a part with a higher number goes first where room is short.
    var parts: [(text: String, dispensable: Int)] = [
      ("cycle \(cycle)/\(cycles)", 0),
      ("\(layer) \(progress)", 1),
      (stepsPerSecond.map { "\(Numbers.rate($0)) steps/s" } ?? "", 4),
      (changed.map { "changed \(Numbers.fixed($0, 2))" } ?? "", 5),
      (loss.map { "loss \(Numbers.fixed($0, 4))" } ?? "", 3),
      (restOfCycle.map { "cycle ends in \(Numbers.duration($0))" } ?? "", 6),
      (restOfRun.map { "run ends in \(Numbers.duration($0))" } ?? "", 2),
    ].filter { !$0.text.isEmpty }
    while parts.count > 1, line(parts).count > width,
      let last = parts.indices.max(by: { parts[$0].dispensable < parts[$1].dispensable })
    {
      parts.remove(at: last)
    }
    return String(line(parts).prefix(max(0, width)))
  }

  private func line(_ parts: [(text: String, dispensable: Int)]) -> String {
    parts.map(\.text).joined(separator: "  ")
  }
}
