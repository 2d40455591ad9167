/// The processes that compute one run together, each with its part of every minibatch.
///
/// Every rank makes the same calls in the same order. Each method returns on no rank before all ranks
/// have called it.
package protocol Ranks: Sendable {
  /// The number of this process: 0 ..< `count`. Rank 0 reads and writes the run's files.
  var rank: Int { get }
  /// The number of processes; at least 1.
  var count: Int { get }

  /// Completes an array of which each rank has filled its own part.
  ///
  /// - Parameters:
  ///   - bytes: The whole array.
  ///   - parts: The byte range of each rank's part, in the order of the ranks.
  func gather(_ bytes: UnsafeMutableRawPointer, parts: [Range<Int>])

  /// Divides the ranks into groups of consecutive ones, as evenly as possible, and returns the ranks of this
  /// rank's group.
  ///
  /// *Precondition:* `groups` is in 1 ... `count`.
  func divided(into groups: Int) -> any Ranks
}

extension Ranks {
  /// The pieces of a rank, of `total` pieces in all: consecutive ones, as evenly divided as possible.
  package func share(of total: Int, rank: Int) -> Range<Int> {
    (rank * total / count)..<((rank + 1) * total / count)
  }

  /// The pieces of this rank, of `total` pieces in all.
  package func share(of total: Int) -> Range<Int> { share(of: total, rank: rank) }

  /// The largest share of any rank.
  package func largestShare(of total: Int) -> Int { (total + count - 1) / count }

  /// Completes an array of `total` rows, of which each rank has filled its share.
  ///
  /// - Parameter width: Elements in a row.
  package func gather<Element: BitwiseCopyable>(
    _ rows: UnsafeMutablePointer<Element>, total: Int, width: Int
  ) {
    guard count > 1 else { return }
    let stride = width * MemoryLayout<Element>.stride
    gather(
      UnsafeMutableRawPointer(rows),
      parts: (0..<count).map { rank in
        let share = share(of: total, rank: rank)
        return (share.lowerBound * stride)..<(share.upperBound * stride)
      })
  }

  /// Returns the value of each rank.
  package func values<Element: BitwiseCopyable>(of own: Element) -> [Element] {
    var all = [Element](repeating: own, count: count)
    all.withUnsafeMutableBufferPointer { buffer in
      if let first = buffer.baseAddress { gather(first, total: count, width: 1) }
    }
    return all
  }
}

/// A run in a single process.
package struct SoleRank: Ranks {
  package let rank = 0
  package let count = 1

  package init() {}

  package func gather(_ bytes: UnsafeMutableRawPointer, parts: [Range<Int>]) {}
  package func divided(into groups: Int) -> any Ranks { self }
}
