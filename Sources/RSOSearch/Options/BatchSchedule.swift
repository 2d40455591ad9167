/// The number of training samples in a minibatch, cycle by cycle.
///
/// As text: sizes with their numbers of cycles, and a last size for all following cycles:
/// `250:3,1000:3,5000`. A single size holds for every cycle.
package struct BatchSchedule: Sendable, Hashable {
  package struct Phase: Sendable, Hashable {
    package var size: Int
    package var cycles: Int
  }

  /// The sizes before the last one.
  package let phases: [Phase]
  package let last: Int

  package init(_ size: Int) {
    self.init([], then: size)
  }

  package init(_ phases: [Phase], then last: Int) {
    self.phases = phases
    self.last = last
  }

  /// Returns nil if `text` is not a schedule.
  package init?(_ text: String) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    var phases: [Phase] = []
    for part in parts.dropLast() {
      let numbers = part.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
      guard numbers.count == 2, let size = numbers[0], let cycles = numbers[1] else { return nil }
      phases.append(Phase(size: size, cycles: cycles))
    }
    guard let end = parts.last, let last = Int(end) else { return nil }
    self.init(phases, then: last)
  }

  /// Samples in a minibatch.
  ///
  /// - Parameter cycle: The number of finished cycles.
  package func size(cycle: Int) -> Int {
    var rest = cycle
    for phase in phases {
      if rest < phase.cycles { return phase.size }
      rest -= phase.cycles
    }
    return last
  }

  /// The schedule of the first `cycles` cycles alone.
  package func within(cycles: Int) -> BatchSchedule {
    var reached: [Phase] = []
    var rest = cycles
    for phase in phases {
      if rest <= phase.cycles { return BatchSchedule(reached, then: phase.size) }
      reached.append(phase)
      rest -= phase.cycles
    }
    return self
  }

  /// All sizes, in the order of the cycles.
  package var sizes: [Int] { phases.map(\.size) + [last] }
  package var largest: Int { sizes.reduce(last) { max($0, $1) } }
}

extension BatchSchedule: LosslessStringConvertible, OptionValue {
  package var description: String {
    phases.map { "\($0.size):\($0.cycles)," }.joined() + "\(last)"
  }
}

extension BatchSchedule: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: Int) { self.init(value) }
}

/// A number if there is one size, otherwise the text.
extension BatchSchedule: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let size = try? container.decode(Int.self) {
      self.init(size)
      return
    }
    let text = try container.decode(String.self)
    guard let schedule = BatchSchedule(text), !schedule.phases.isEmpty else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "no batch schedule")
    }
    self = schedule
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if phases.isEmpty { try container.encode(last) } else { try container.encode(description) }
  }
}
