import Foundation
import Synchronization

/// Evaluators of one network, each for a thread of its own, that work on different neurons at the same
/// time.
///
/// A class by nature: it owns evaluators, and with them gigabytes.
package final class EvaluatorTeam {
  package let members: [any Evaluator]

  package init(_ members: [any Evaluator]) {
    precondition(!members.isEmpty)
    self.members = members
  }

  /// The one that answers for all between two pieces of work.
  package var first: any Evaluator { members[0] }

  /// Calls `work` once for every index below `count`, which is at most the number of members, each
  /// with a member of its own and in a thread of its own; returns when all calls have. Meanwhile the
  /// calling thread calls `attend`, again and again, and once at the end.
  package func perform(
    _ count: Int, attend: () -> Void,
    work: @escaping @Sendable (_ index: Int, _ evaluator: any Evaluator) -> Void
  ) {
    precondition(count <= members.count)
    let remaining = Remaining(count)
    for index in 0..<count {
      let member = Member(evaluator: members[index])
      let thread = Thread {
        work(index, member.evaluator)
        remaining.finishOne()
      }
      thread.name = "rso neuron \(index)"
      thread.start()
    }
    while !remaining.wait(seconds: 0.02) { attend() }
    attend()
  }
}

/// An evaluator on its way to the one thread that uses it.
private struct Member: @unchecked Sendable {
  // Sendable: `perform` gives each evaluator to one thread alone, and waits for its end.
  let evaluator: any Evaluator
}

/// Counts pieces of work down to none.
private final class Remaining: Sendable {
  private let count: Mutex<Int>
  private let condition = NSCondition()

  init(_ count: Int) { self.count = Mutex(count) }

  func finishOne() {
    condition.lock()
    count.withLock { $0 -= 1 }
    condition.broadcast()
    condition.unlock()
  }

  /// Whether none remains, which is waited for so long.
  func wait(seconds: Double) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    let limit = Date(timeIntervalSinceNow: seconds)
    while count.withLock({ $0 }) > 0 {
      if !condition.wait(until: limit) { return count.withLock { $0 } == 0 }
    }
    return true
  }
}
