import RSONetworks
import RSONumerics
import Synchronization
import Testing

@Suite("EvaluatorTeam")
struct EvaluatorTeamTests {
  private func members(_ count: Int) throws -> [any Evaluator] {
    let network = Architecture(
      name: "small", input: ImageShape(channels: 1, height: 1, width: 1), classes: 2,
      layers: [.linear(name: "fc", outputs: 2, bias: false)])
    let samples = Samples(
      shape: network.input, classes: 2, pixels: [1], labels: [1],
      values: (0..<256).map(Float.init))
    return try (0..<count).map { _ in
      try ReferenceEvaluator(architecture: network, samples: samples, parameters: [1, 2])
    }
  }

  @Test(
    "every piece is done once, by its own member, however many threads there are",
    arguments: [0, 1, 2, 5])
  func fewThreads(available: Int) throws {
    let members = try members(5)
    let starter = LimitedStarter(available)
    let team = EvaluatorTeam(members, startThread: starter.start)
    for _ in 0..<20 {
      starter.reset()
      let calls = Mutex(Array(repeating: 0, count: 5))
      let strangers = Atomic<Int>(0)
      let identities = members.map { ObjectIdentifier($0) }
      var attended = 0
      let attend = { attended += 1 }
      team.perform(5, attend: attend) { index, evaluator in
        calls.withLock { $0[index] += 1 }
        if ObjectIdentifier(evaluator) != identities[index] {
          strangers.add(1, ordering: .relaxed)
        }
      }
      #expect(calls.withLock { $0 } == [1, 1, 1, 1, 1])
      #expect(strangers.load(ordering: .relaxed) == 0)
      #expect(attended > 0)
    }
    #expect(
      team.threadShortage
        == (available < 5 ? ThreadShortage(started: max(1, available), wanted: 5) : nil))
  }
}

/// Starts some threads, and then fails as the system does at a limit on processes.
final class LimitedStarter: Sendable {
  struct NoThread: Error {}

  private let available: Int
  private let left: Mutex<Int>

  init(_ available: Int) {
    self.available = available
    left = Mutex(available)
  }

  func reset() { left.withLock { $0 = available } }

  func start(_ body: @escaping @Sendable () -> Void) throws {
    let isLeft = left.withLock { left in
      left -= 1
      return left >= 0
    }
    guard isLeft else { throw NoThread() }
    try startSystemThread(body)
  }
}
