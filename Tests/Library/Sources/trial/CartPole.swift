import Glibc
import RSO

/// A cart with a pole that it must keep upright: 50 pushes a second, each of up to 10 N, proportional to a weighted sum of
/// position, velocity, angle and angular velocity. After Barto, Sutton and Anderson (1983), whose pushes are of 10 N.
final class CartPole: Evaluator {
  /// Seconds after which a trial ends.
  static let longest = 20.0
  private static let step = 0.02

  /// A case is a trial from one of these initial states.
  static let starts = Array(0..<64)

  static func plan() throws -> Plan {
    try Plan(
      minimizing: "cart-pole",
      parameters: [ParameterBlock("force", columns: 4, deviation: 2)], cases: starts.count,
      seed: 1, options: ["cycles": "40", "batch-size": "16"])
  }

  /// The mean share of the time in which the pole is down.
  func loss(of parameters: [Float], on cases: [Int]) -> Double {
    cases.reduce(0) { $0 + 1 - secondsUpright(parameters, start: $1) / Self.longest }
      / Double(cases.count)
  }

  /// - Parameter start: The number of an initial state, near upright.
  func secondsUpright(_ weights: [Float], start: Int) -> Double {
    func small(_ k: Int) -> Double { Double((start * 7 + k * 13) % 21 - 10) * 0.005 }
    var (position, velocity, angle, turn) = (small(1), small(2), small(3), small(4))
    var seconds = 0.0
    while seconds < Self.longest, abs(position) < 2.4, abs(angle) < 12 * .pi / 180 {
      let sum =
        Double(weights[0]) * position + Double(weights[1]) * velocity
        + Double(weights[2]) * angle + Double(weights[3]) * turn
      let force = max(-10, min(10, 10 * sum))
      let (mass, poleMass, half) = (1.1, 0.1, 0.5)
      let push = (force + poleMass * half * turn * turn * sin(angle)) / mass
      let turning =
        (9.8 * sin(angle) - cos(angle) * push)
        / (half * (4 / 3 - poleMass * cos(angle) * cos(angle) / mass))
      let acceleration = push - poleMass * half * turning * cos(angle) / mass
      position += Self.step * velocity
      velocity += Self.step * acceleration
      angle += Self.step * turn
      turn += Self.step * turning
      seconds += Self.step
    }
    return min(seconds, Self.longest)
  }
}
