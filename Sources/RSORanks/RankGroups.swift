/// All ranks of a run, divided into groups of consecutive ones. The ranks of a group share the samples of every
/// minibatch; where there are several groups, each searches neurons of its own.
package struct RankGroups: Sendable {
  package let all: any Ranks
  /// The number of groups.
  package let count: Int
  /// This rank's group: 0 ..< `count`.
  package let group: Int
  /// The ranks of this rank's group.
  package let own: any Ranks

  /// All ranks call this together.
  ///
  /// *Precondition:* `count` is in 1 ... `all.count`.
  package init(_ all: any Ranks = SoleRank(), count: Int = 1) {
    precondition((1...all.count).contains(count))
    self.all = all
    self.count = count
    group = Self.group(of: all.rank, among: all.count, groups: count)
    own = count == 1 ? all : all.divided(into: count)
  }

  /// The group of a rank.
  package static func group(of rank: Int, among ranks: Int, groups: Int) -> Int {
    // The last group that begins at the rank or before it.
    (groups * (rank + 1) - 1) / ranks
  }

  /// The first rank of a group.
  package static func firstRank(ofGroup group: Int, among ranks: Int, groups: Int) -> Int {
    group * ranks / groups
  }

  /// The pieces of this rank's group, of `total` pieces in all: consecutive ones, as evenly divided as possible.
  package func share(of total: Int) -> Range<Int> {
    (group * total / count)..<((group + 1) * total / count)
  }

  /// Returns the bytes of each group: those of its first rank.
  package func bytes(of own: [UInt8]) -> [[UInt8]] {
    let firsts = (0..<count).map {
      Self.firstRank(ofGroup: $0, among: all.count, groups: count)
    }
    let sends = firsts[group] == all.rank
    let sizes = all.values(of: sends ? own.count : 0)
    var parts: [Range<Int>] = []
    for size in sizes {
      let start = parts.last?.upperBound ?? 0
      parts.append(start..<(start + size))
    }
    var bytes = [UInt8](repeating: 0, count: parts.last?.upperBound ?? 0)
    if sends { bytes.replaceSubrange(parts[all.rank], with: own) }
    bytes.withUnsafeMutableBytes { buffer in
      if let start = buffer.baseAddress { all.gather(start, parts: parts) }
    }
    return firsts.map { Array(bytes[parts[$0]]) }
  }
}
