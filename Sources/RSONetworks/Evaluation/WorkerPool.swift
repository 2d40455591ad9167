import Foundation
import Synchronization

/// A fixed set of threads that share out numbered pieces of work.
///
/// Which thread does a piece never shows in a result: each piece writes places of its own. Threads
/// wait by spinning for a moment, then by offering their processor to others, then by sleeping.
///
/// A class by nature: it owns threads, which end with it.
package final class WorkerPool {
  package let threads: Int
  private let workers: Workers

  /// The calling thread of `run` is one of the `threads`.
  package init(threads: Int) {
    precondition(threads >= 1)
    self.threads = threads
    let workers = Workers(threads: threads)
    self.workers = workers
    for worker in 1..<max(1, threads) {
      let thread = Thread { workers.work(worker) }
      thread.name = "rso worker \(worker)"
      thread.start()
    }
  }

  deinit { workers.stop() }

  /// Calls `body(index, worker)` once for every index below `count`, on all threads; returns when
  /// all calls have. `worker` is below `threads` and never shared by two calls at once.
  package func run(_ count: Int, _ body: (_ index: Int, _ worker: Int) -> Void) {
    if threads == 1 || count <= 1 {
      for index in 0..<count { body(index, 0) }
    } else {
      withoutActuallyEscaping(body) { workers.run(count, $0) }
    }
  }
}

/// What the threads of a pool share.
private final class Workers: @unchecked Sendable {
  // Sendable: `count` and `body` are written only while no worker runs (between the end of one
  // `run` and the `generation` step that begins the next), `patience` is the caller's; everything
  // else is atomic or constant.
  private let threads: Int
  private var count = 0
  private var body: ((_ index: Int, _ worker: Int) -> Void)?
  private let generation = Atomic<Int>(0)
  private let next = Atomic<Int>(0)
  private let running = Atomic<Int>(0)
  private let stopping = Atomic<Bool>(false)
  /// Threads asleep until the next generation, and until the last worker is done.
  private let idle = Sleepers()
  private let caller = Sleepers()
  private var patience = Patience()

  init(threads: Int) { self.threads = threads }

  func run(_ count: Int, _ body: @escaping (_ index: Int, _ worker: Int) -> Void) {
    self.count = count
    self.body = body
    next.store(0, ordering: .relaxed)
    running.store(threads - 1, ordering: .relaxed)
    generation.add(1, ordering: .sequentiallyConsistent)
    idle.wake()
    take(0, body)
    patience.wait(sleepers: caller) { running.load(ordering: .sequentiallyConsistent) == 0 }
    self.body = nil
  }

  func work(_ worker: Int) {
    var patience = Patience()
    var seen = 0
    while true {
      patience.wait(sleepers: idle) {
        generation.load(ordering: .sequentiallyConsistent) != seen
          || stopping.load(ordering: .sequentiallyConsistent)
      }
      if stopping.load(ordering: .acquiring) { return }
      seen += 1
      if let body { take(worker, body) }
      if running.subtract(1, ordering: .sequentiallyConsistent).newValue == 0 { caller.wake() }
    }
  }

  func stop() {
    stopping.store(true, ordering: .sequentiallyConsistent)
    idle.wake()
  }

  private func take(_ worker: Int, _ body: (_ index: Int, _ worker: Int) -> Void) {
    while true {
      let index = next.add(1, ordering: .relaxed).oldValue
      if index >= count { return }
      body(index, worker)
    }
  }
}

/// How a thread waits for a condition: it looks, then offers its processor between two looks, then
/// sleeps.
///
/// The pieces of one step follow each other within microseconds, and to be woken takes longer than
/// most of them do. Where other programs want the processors too, the thread that is waited for may
/// itself be waiting for one, which looking only prolongs: once an offer is taken, sleep comes early
/// for a while.
private struct Patience {
  /// With a pause of the processor each: some hundredths of a millisecond.
  private static let looks = 1_000
  private static let hastyLooks = 8
  /// A fraction of a microsecond each, as long as nobody takes them: about a millisecond.
  private static let offers = 4_000
  /// An offer that took as long was taken.
  private static let taken = Duration.microseconds(200)
  /// How many waits are hasty after it.
  private static let hastyWaits = 200

  private var hasty = 0

  mutating func wait(sleepers: Sleepers, until isDone: () -> Bool) {
    for _ in 0..<(hasty > 0 ? Self.hastyLooks : Self.looks) {
      if isDone() { return }
      Kernels.pause()
    }
    if hasty > 0 {
      hasty -= 1
    } else {
      var before = ContinuousClock.now
      for _ in 0..<Self.offers {
        if isDone() { return }
        sched_yield()
        let now = ContinuousClock.now
        if now - before > Self.taken {
          hasty = Self.hastyWaits
          break
        }
        before = now
      }
    }
    sleepers.sleep(until: isDone)
  }
}

/// Threads asleep until a condition holds.
private final class Sleepers: @unchecked Sendable {
  // Sendable: an atomic and a lock.
  private let count = Atomic<Int>(0)
  private let condition = NSCondition()

  /// The condition must be read with sequentially consistent loads, and be made true with such a
  /// store before `wake`: either the sleeper sees it, or the waker sees the sleeper.
  func sleep(until isDone: () -> Bool) {
    condition.lock()
    count.add(1, ordering: .sequentiallyConsistent)
    while !isDone() { condition.wait() }
    count.subtract(1, ordering: .sequentiallyConsistent)
    condition.unlock()
  }

  func wake() {
    guard count.load(ordering: .sequentiallyConsistent) > 0 else { return }
    condition.lock()
    condition.broadcast()
    condition.unlock()
  }
}
