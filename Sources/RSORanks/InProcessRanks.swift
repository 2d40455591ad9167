import RSOSystem

/// Ranks that are threads of one process: what several processes compute, without any message.
package struct InProcessRanks: Ranks {
  package let rank: Int
  package let count: Int
  private let meeting: Meeting

  /// Makes all ranks of a group.
  ///
  /// *Precondition:* `count` is at least 1.
  package static func group(of count: Int) -> [InProcessRanks] {
    precondition(count >= 1)
    let meeting = Meeting(count: count)
    return (0..<count).map { InProcessRanks(rank: $0, count: count, meeting: meeting) }
  }

  package func divided(into groups: Int) -> any Ranks {
    let group = RankGroups.group(of: rank, among: count, groups: groups)
    let first = RankGroups.firstRank(ofGroup: group, among: count, groups: groups)
    let next = RankGroups.firstRank(ofGroup: group + 1, among: count, groups: groups)
    return InProcessRanks(
      rank: rank - first, count: next - first,
      meeting: meeting.part(first..<next))
  }

  /// Runs `body` once for each rank, each in a thread of its own, and returns what they return.
  ///
  /// *Throws:* `SystemError` where a thread cannot be made.
  package static func results<Result: Sendable>(
    ofGroup count: Int, _ body: @escaping @Sendable (InProcessRanks) -> Result
  ) throws -> [Result] {
    let ranks = group(of: count)
    let results = Results<Result>(count: count)
    for rank in ranks.dropFirst() {
      try SystemThread.detach { results.put(body(rank), at: rank.rank) }
    }
    results.put(body(ranks[0]), at: 0)
    return results.all()
  }

  package func gather(_ bytes: UnsafeMutableRawPointer, parts: [Range<Int>]) {
    precondition(parts.count == count)
    meeting.meet(rank, bringing: bytes) { others in
      for (other, part) in parts.enumerated() where other != rank && !part.isEmpty {
        (bytes + part.lowerBound).copyMemory(
          from: others[other] + part.lowerBound, byteCount: part.count)
      }
    }
  }
}

/// The place at which the threads of a group wait for each other.
private final class Meeting: @unchecked Sendable {
  // Sendable: everything is read and written under the condition's lock. A thread reads another
  // thread's memory only between the two waits of `meet`, when its owner does not write it.
  private let count: Int
  private let condition = ThreadCondition()
  private var places: [UnsafeMutableRawPointer?]
  private var parts: [Range<Int>: Meeting] = [:]
  private var arrived = 0
  private var round = 0

  init(count: Int) {
    self.count = count
    places = Array(repeating: nil, count: count)
  }

  /// Calls `body` with the pointers that all threads have brought, while all threads are here.
  func meet(
    _ rank: Int, bringing pointer: UnsafeMutableRawPointer,
    _ body: ([UnsafeMutableRawPointer]) -> Void
  ) {
    let all = condition.withLock { () -> [UnsafeMutableRawPointer] in
      places[rank] = pointer
      waitForAll()
      return places.compactMap { $0 }
    }
    body(all)
    condition.withLock { waitForAll() }
  }

  /// The meeting of some of the ranks alone.
  func part(_ ranks: Range<Int>) -> Meeting {
    condition.withLock {
      let part = parts[ranks] ?? Meeting(count: ranks.count)
      parts[ranks] = part
      return part
    }
  }

  /// *Precondition:* the lock is held.
  private func waitForAll() {
    arrived += 1
    if arrived == count {
      arrived = 0
      round += 1
      condition.wakeAll()
      return
    }
    let own = round
    while round == own { condition.wait() }
  }
}

/// The results of threads.
private final class Results<Result: Sendable>: @unchecked Sendable {
  // Sendable: everything is read and written under the condition's lock.
  private let condition = ThreadCondition()
  private var results: [Result?]

  init(count: Int) { results = Array(repeating: nil, count: count) }

  func put(_ result: Result, at index: Int) {
    condition.withLock {
      results[index] = result
      condition.wakeAll()
    }
  }

  func all() -> [Result] {
    condition.withLock {
      while results.contains(where: { $0 == nil }) { condition.wait() }
      return results.compactMap { $0 }
    }
  }
}
