internal import Glibc
import RSOSystem
import Synchronization

/// A fixed set of threads that share numbered pieces of work.
///
/// Results do not depend on which thread does a piece: each piece writes its own memory. A waiting
/// thread first spins, then yields its processor, then sleeps.
///
/// A class by nature: it owns threads, which end with it.
package final class WorkerPool {
  /// Threads that work, the calling thread of `run` among them.
  package let threads: Int
  /// Set where the system made fewer threads than were asked for.
  package let threadShortage: ThreadShortage?
  private let workers: Workers

  /// - Parameters:
  ///   - wanted: Threads, the calling thread of `run` among them. Where the system makes fewer, the
  ///     pool has fewer.
  ///   - startThread: Another source of threads, for tests.
  package init(threads wanted: Int, startThread: ThreadStarter = startSystemThread) {
    precondition(wanted >= 1)
    let workers = Workers()
    var started = 1
    while started < wanted {
      let worker = started
      do { try startThread { workers.work(worker) } } catch { break }
      started += 1
    }
    // No worker looks at it before the first `run`.
    workers.threads = started
    self.workers = workers
    threads = started
    threadShortage = started < wanted ? ThreadShortage(started: started, wanted: wanted) : nil
  }

  deinit { workers.stop() }

  /// Calls `body(index, worker)` once for every index below `count`, on all threads; returns when
  /// all calls have.
  ///
  /// - Parameter body: Its `worker` is below `threads`; two calls at the same time have two workers.
  package func run(_ count: Int, _ body: (_ index: Int, _ worker: Int) -> Void) {
    if threads == 1 || count <= 1 {
      for index in 0..<count { body(index, 0) }
    } else {
      withoutActuallyEscaping(body) { workers.run(count, $0) }
    }
  }
}

/// The state that the threads of a pool share.
private final class Workers: @unchecked Sendable {
  // Sendable: `threads` is written before the first `run`; `count` and `body` only while no worker
  // runs (between the end of one `run` and the `generation` step that begins the next); `patience` is
  // the caller's; everything else is atomic or constant.
  var threads = 1
  private var count = 0
  private var body: ((_ index: Int, _ worker: Int) -> Void)?
  private let generation = Atomic<Int>(0)
  private let next = Atomic<Int>(0)
  private let running = Atomic<Int>(0)
  private let stopping = Atomic<Bool>(false)
  /// Threads asleep until the next generation.
  private let idle = Sleepers()
  /// The calling thread, asleep until the last worker is done.
  private let caller = Sleepers()
  private var patience = Patience()

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

/// The waiting of a thread for a condition: it spins, then yields its processor between two looks, then
/// sleeps.
///
/// The pieces of one step follow each other within microseconds, and waking a thread takes longer
/// than most pieces do. If other programs use the processors too, spinning delays the thread that
/// is waited for. So after a yield that another program used, the thread sleeps early for a while.
private struct Patience {
  /// Looks with a pause of the processor each: some hundredths of a millisecond.
  private static let looks = 1_000
  private static let hastyLooks = 8
  /// Yields of a fraction of a microsecond each, as long as nobody takes them: about a millisecond.
  private static let yields = 4_000
  /// A yield that takes longer than this was used by another program.
  private static let taken = Duration.microseconds(200)
  /// The number of hasty waits after it.
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
      for _ in 0..<Self.yields {
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
private final class Sleepers: Sendable {
  private let count = Atomic<Int>(0)
  private let condition = ThreadCondition()

  /// `isDone` reads with sequentially consistent loads, and becomes true by such a store before
  /// `wake`: either the sleeper sees the store, or the waker sees the sleeper.
  func sleep(until isDone: () -> Bool) {
    condition.withLock {
      count.add(1, ordering: .sequentiallyConsistent)
      while !isDone() { condition.wait() }
      count.subtract(1, ordering: .sequentiallyConsistent)
    }
  }

  func wake() {
    guard count.load(ordering: .sequentiallyConsistent) > 0 else { return }
    condition.withLock { condition.wakeAll() }
  }
}
