import RSOSystem
import Synchronization

/// Evaluators of one network that work on different neurons at the same time, each in its own
/// thread.
///
/// A class by nature: it owns evaluators, and with them gigabytes.
package final class EvaluatorTeam {
  package let members: [any Evaluator]
  /// Set once the system has made fewer threads than a piece of work needed.
  package private(set) var threadShortage: ThreadShortage?
  private let startThread: ThreadStarter

  /// - Parameter startThread: Another source of threads, for tests.
  package init(
    _ members: [any Evaluator], startThread: @escaping ThreadStarter = startSystemThread
  ) {
    precondition(!members.isEmpty)
    self.members = members
    self.startThread = startThread
  }

  /// The member that answers for all of them between two pieces of work.
  package var first: any Evaluator { members[0] }

  /// Calls `work` once for every index below `count`, each with a member of its own; returns when
  /// all calls have.
  ///
  /// Each call has a thread of its own. Where the system makes fewer threads, the calls share them;
  /// where it makes none, the calling thread makes the calls.
  ///
  /// - Parameters:
  ///   - count: At most the number of members.
  ///   - attend: Called by the calling thread about every 20 ms meanwhile, and once at the end.
  package func perform(
    _ count: Int, attend: () -> Void,
    work: @escaping @Sendable (_ index: Int, _ evaluator: any Evaluator) -> Void
  ) {
    precondition(count <= members.count)
    let pieces = Pieces(members[..<count], work)
    var started = 0
    while started < count {
      do { try startThread { pieces.takeAll() } } catch { break }
      started += 1
    }
    if started < count, threadShortage == nil {
      threadShortage = ThreadShortage(started: max(1, started), wanted: count)
    }
    if started == 0 {
      while pieces.takeOne() { attend() }
    }
    while !pieces.areDone(waitingNanoseconds: 20_000_000) { attend() }
    attend()
  }
}

/// Pieces of work that threads take one after the other.
private final class Pieces: @unchecked Sendable {
  // Sendable: `next` gives each evaluator to one thread alone, and `perform` waits for the end of all
  // of them; everything else is constant, atomic or behind the condition's lock.
  private let members: [any Evaluator]
  private let work: @Sendable (Int, any Evaluator) -> Void
  private let next = Atomic<Int>(0)
  private var remaining: Int
  private let condition = ThreadCondition()

  init(
    _ members: ArraySlice<any Evaluator>,
    _ work: @escaping @Sendable (Int, any Evaluator) -> Void
  ) {
    self.members = Array(members)
    self.work = work
    remaining = members.count
  }

  func takeAll() {
    while takeOne() {}
  }

  /// Does the next piece; returns whether there was one.
  func takeOne() -> Bool {
    let index = next.add(1, ordering: .relaxed).oldValue
    guard index < members.count else { return false }
    work(index, members[index])
    condition.withLock {
      remaining -= 1
      condition.wakeAll()
    }
    return true
  }

  /// True if all pieces are done, now or after waiting for a moment.
  func areDone(waitingNanoseconds: Int) -> Bool {
    condition.withLock {
      if remaining > 0 { condition.wait(nanoseconds: waitingNanoseconds) }
      return remaining == 0
    }
  }
}
