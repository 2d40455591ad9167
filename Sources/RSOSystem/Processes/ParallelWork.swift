internal import Glibc
internal import Synchronization

/// Numbered pieces of work that several threads share, for work of milliseconds and more.
package enum ParallelWork {
  /// The processors of the machine, but at most 16.
  package static var processors: Int { min(16, max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// Calls `body` once for every index below `count`, on several threads, and returns the results
  /// in the order of the indices. If the system makes no threads, the calling thread does all.
  ///
  /// - Parameters:
  ///   - threads: The calling thread is one of them.
  ///   - body: Its results do not depend on the thread that makes them.
  ///   - meanwhile: Called once by the calling thread, before it takes its first piece.
  package static func results<Result: Sendable>(
    _ count: Int, threads: Int = processors,
    of body: @escaping @Sendable (_ index: Int) -> Result, meanwhile: () -> Void = {}
  ) -> [Result] {
    let pieces = Pieces(count: count, body)
    for _ in 0..<max(0, min(threads - 1, count)) {
      // Fewer threads do the same work.
      do { try SystemThread.detach { pieces.takeAll() } } catch { break }
    }
    meanwhile()
    pieces.takeAll()
    return pieces.awaitAll()
  }
}

/// A class by nature: threads share it.
private final class Pieces<Result: Sendable>: Sendable {
  private let count: Int
  private let body: @Sendable (Int) -> Result
  private let next = Atomic<Int>(0)
  private let results = Mutex<[Int: Result]>([:])
  private let condition = ThreadCondition()

  init(count: Int, _ body: @escaping @Sendable (Int) -> Result) {
    self.count = count
    self.body = body
  }

  func takeAll() {
    while true {
      let index = next.add(1, ordering: .relaxed).oldValue
      guard index < count else { return }
      let result = body(index)
      condition.withLock {
        results.withLock { $0[index] = result }
        condition.wakeAll()
      }
    }
  }

  func awaitAll() -> [Result] {
    condition.withLock {
      while results.withLock({ $0.count }) < count { condition.wait() }
    }
    return results.withLock { found in (0..<count).compactMap { found.removeValue(forKey: $0) } }
  }
}
