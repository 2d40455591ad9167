import Foundation
import Synchronization

/// A fixed set of threads that share out numbered pieces of work.
///
/// Which thread does a piece never shows in a result: each piece writes places of its own. Threads
/// wait for work by spinning for a moment and then sleeping, for the pieces of one step follow each
/// other within microseconds.
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
  // `run` and the `generation` step that begins the next); everything else is atomic or constant.
  private let threads: Int
  private var count = 0
  private var body: ((_ index: Int, _ worker: Int) -> Void)?
  private let generation = Atomic<Int>(0)
  private let next = Atomic<Int>(0)
  private let running = Atomic<Int>(0)
  private let stopping = Atomic<Bool>(false)
  private let sleepers = Atomic<Int>(0)
  private let condition = NSCondition()

  /// Looks at an atomic before a waiting thread lets others run: some tens of microseconds.
  private static let spins = 20_000

  init(threads: Int) { self.threads = threads }

  func run(_ count: Int, _ body: @escaping (_ index: Int, _ worker: Int) -> Void) {
    self.count = count
    self.body = body
    next.store(0, ordering: .relaxed)
    running.store(threads - 1, ordering: .relaxed)
    generation.add(1, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 { wake() }
    take(0, body)
    var spins = 0
    while running.load(ordering: .acquiring) > 0 {
      spins += 1
      if spins > Self.spins { sched_yield() }
    }
    self.body = nil
  }

  func work(_ worker: Int) {
    var seen = 0
    while true {
      var spins = 0
      while generation.load(ordering: .acquiring) == seen {
        if stopping.load(ordering: .acquiring) { return }
        spins += 1
        if spins > Self.spins { sleep(until: seen) }
      }
      seen += 1
      if let body { take(worker, body) }
      running.subtract(1, ordering: .releasing)
    }
  }

  func stop() {
    stopping.store(true, ordering: .sequentiallyConsistent)
    wake()
  }

  private func take(_ worker: Int, _ body: (_ index: Int, _ worker: Int) -> Void) {
    while true {
      let index = next.add(1, ordering: .relaxed).oldValue
      if index >= count { return }
      body(index, worker)
    }
  }

  /// Sleeps until there is work after generation `seen`, or an end.
  private func sleep(until seen: Int) {
    condition.lock()
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while generation.load(ordering: .sequentiallyConsistent) == seen
      && !stopping.load(ordering: .sequentiallyConsistent)
    {
      condition.wait()
    }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    condition.unlock()
  }

  private func wake() {
    condition.lock()
    condition.broadcast()
    condition.unlock()
  }
}
