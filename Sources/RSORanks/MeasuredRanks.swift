internal import Glibc
import Synchronization

/// Ranks that count their messages, and the time in them.
///
/// A class by nature: copies share the counts.
package final class MeasuredRanks: Ranks {
  private let ranks: any Ranks
  private let counted = Mutex(Traffic.none)

  package init(_ ranks: any Ranks) { self.ranks = ranks }

  package var rank: Int { ranks.rank }
  package var count: Int { ranks.count }

  /// All messages so far.
  package var traffic: Traffic { counted.withLock { $0 } }

  package func gather(_ bytes: UnsafeMutableRawPointer, parts: [Range<Int>]) {
    let began = Self.now()
    ranks.gather(bytes, parts: parts)
    let seconds = Self.now() - began
    let received = parts.reduce(0) { $0 + $1.count } - parts[rank].count
    counted.withLock {
      $0 = $0 + Traffic(messages: 1, bytes: Double(received), seconds: seconds)
    }
  }

  /// The messages inside a group are not counted.
  package func divided(into groups: Int) -> any Ranks { ranks.divided(into: groups) }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
