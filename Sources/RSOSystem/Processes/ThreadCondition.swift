internal import Glibc

/// A lock, and a place where threads sleep until another thread wakes them.
///
/// A class by nature: threads share it, and its parts must not move.
package final class ThreadCondition: @unchecked Sendable {
  // Sendable: both parts are made for use by several threads, and never change their place.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  package init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Runs `body` with the lock held.
  package func withLock<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }

  /// Gives the lock up, sleeps until woken, and takes the lock again. May wake without cause.
  ///
  /// *Precondition:* the lock is held.
  package func wait() { pthread_cond_wait(condition, mutex) }

  /// The same for at most so many nanoseconds, below 10^9.
  package func wait(nanoseconds: Int) {
    var limit = timespec()
    clock_gettime(CLOCK_REALTIME, &limit)
    limit.tv_nsec += nanoseconds
    if limit.tv_nsec >= 1_000_000_000 {
      limit.tv_nsec -= 1_000_000_000
      limit.tv_sec += 1
    }
    pthread_cond_timedwait(condition, mutex, &limit)
  }

  /// Wakes all threads that sleep here.
  ///
  /// *Precondition:* the lock is held.
  package func wakeAll() { pthread_cond_broadcast(condition) }
}
