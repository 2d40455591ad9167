import Foundation
import RSONetworks
import Synchronization
import Testing

@Suite("WorkerPool")
struct WorkerPoolTests {
  @Test("every piece is done exactly once, by a worker of the pool", arguments: [1, 2, 3, 7])
  func pieces(threads: Int) {
    let pool = WorkerPool(threads: threads)
    for count in [0, 1, 2, 3, 64, 1000] {
      let calls = Counters(count)
      let strangers = Atomic<Int>(0)
      pool.run(count) { index, worker in
        calls.add(index)
        if !(0..<threads).contains(worker) { strangers.add(1, ordering: .relaxed) }
      }
      #expect((0..<count).allSatisfy { calls[$0] == 1 })
      #expect(strangers.load(ordering: .relaxed) == 0)
    }
  }

  @Test("no two pieces at once have the same worker", arguments: [2, 5])
  func workersAreNotShared(threads: Int) {
    let pool = WorkerPool(threads: threads)
    let inside = Counters(threads)
    let collisions = Atomic<Int>(0)
    for _ in 0..<200 {
      pool.run(20) { _, worker in
        if inside.add(worker) != 1 { collisions.add(1, ordering: .relaxed) }
        inside.subtract(worker)
      }
    }
    #expect(collisions.load(ordering: .relaxed) == 0)
  }

  @Test(
    "a pool that gets fewer threads goes on with those, and says so", arguments: [0, 1, 3, 4])
  func fewThreads(available: Int) {
    let starter = LimitedStarter(available)
    let pool = WorkerPool(threads: 5, startThread: starter.start)
    #expect(pool.threads == 1 + available)
    #expect(
      pool.threadShortage
        == (available < 4 ? ThreadShortage(started: 1 + available, wanted: 5) : nil))
    for count in [0, 1, 1000] {
      let calls = Counters(count)
      let strangers = Atomic<Int>(0)
      pool.run(count) { index, worker in
        calls.add(index)
        if worker > available { strangers.add(1, ordering: .relaxed) }
      }
      #expect((0..<count).allSatisfy { calls[$0] == 1 })
      #expect(strangers.load(ordering: .relaxed) == 0)
    }
  }

  @Test("a shortage is told in numbers")
  func shortageText() {
    #expect(
      "\(ThreadShortage(started: 2, wanted: 8))"
        == "2 of 8 threads could be started; continuing with 2")
  }

  @Test("work that comes after a pause wakes the threads that sleep")
  func wakes() {
    let pool = WorkerPool(threads: 3)
    for _ in 0..<5 {
      Thread.sleep(forTimeInterval: 0.02)
      let calls = Counters(100)
      pool.run(100) { index, _ in calls.add(index) }
      #expect((0..<100).allSatisfy { calls[$0] == 1 })
    }
  }
}

/// Numbers that several threads count.
private final class Counters: Sendable {
  private let values: Mutex<[Int]>

  init(_ count: Int) { values = Mutex(Array(repeating: 0, count: count)) }

  subscript(_ index: Int) -> Int { values.withLock { $0[index] } }

  @discardableResult
  func add(_ index: Int) -> Int {
    values.withLock {
      $0[index] += 1
      return $0[index]
    }
  }

  func subtract(_ index: Int) { values.withLock { $0[index] -= 1 } }
}
