/// The messages that a rank has exchanged with the others.
package struct Traffic: Sendable, Hashable, Codable {
  /// Exchanges, each of which all ranks take part in.
  package var messages: Double
  /// Bytes that this rank has received.
  package var bytes: Double
  /// Seconds in which this rank sent, received, or waited for the others.
  package var seconds: Double

  package init(messages: Double, bytes: Double, seconds: Double) {
    self.messages = messages
    self.bytes = bytes
    self.seconds = seconds
  }

  package static let none = Traffic(messages: 0, bytes: 0, seconds: 0)

  package static func + (a: Traffic, b: Traffic) -> Traffic {
    Traffic(
      messages: a.messages + b.messages, bytes: a.bytes + b.bytes, seconds: a.seconds + b.seconds)
  }

  package static func - (a: Traffic, b: Traffic) -> Traffic { a + -1 * b }

  package static func * (factor: Double, traffic: Traffic) -> Traffic {
    Traffic(
      messages: factor * traffic.messages, bytes: factor * traffic.bytes,
      seconds: factor * traffic.seconds)
  }
}
