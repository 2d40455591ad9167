/// The content of the live line.
package struct ProgressLine: Sendable, Equatable {
  /// The cycle under way, from 1.
  package var cycle: Int
  package var cycles: Int
  package var layer: String
  /// Visited parameters of the layer, and all of them.
  package var done: Int
  package var total: Int
  /// It is nil until something was timed.
  package var stepsPerSecond: Double?
  /// The share of the cycle's steps that changed their parameter, and their mean loss; nil before the
  /// first step.
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

  /// Returns a line of at most `width` characters. If it is too long, the least important parts are left
  /// out.
  package func text(width: Int) -> String {
    let progress = "\(Numbers.grouped(done))/\(Numbers.grouped(total))"
    // In the order of the line. If room is short, parts with a higher number are left out first.
    var parts: [(text: String, dispensable: Int)] = [
      ("cycle \(cycle)/\(cycles)", 0),
      ("\(layer) \(progress)", 1),
      (stepsPerSecond.map { "\(Numbers.rate($0)) steps/s" } ?? "", 4),
      (changed.map { "changed \(Numbers.fixed($0, 2))" } ?? "", 5),
      (loss.map { "loss \(Numbers.loss($0))" } ?? "", 3),
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
