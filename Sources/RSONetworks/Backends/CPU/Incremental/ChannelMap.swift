/// For each output of the searched stage, the channels of another value that its change reaches.
struct ChannelMap: Equatable {
  /// Not empty. Indexed by the searched stage's outputs.
  let ranges: [Range<Int>]

  init(_ ranges: [Range<Int>]) { self.ranges = ranges }

  /// Each output reaches the channel of its own number.
  init(identity outputs: Int) { ranges = (0..<outputs).map { $0..<($0 + 1) } }

  subscript(output: Int) -> Range<Int> { ranges[output] }

  /// The range of channels that neighbouring outputs reach together.
  subscript(outputs: Range<Int>) -> Range<Int> {
    let chosen = ranges[outputs]
    let first = chosen.map(\.lowerBound).min() ?? 0
    return first..<(chosen.map(\.upperBound).max() ?? first)
  }

  /// True if neighbouring outputs reach different channels, side by side.
  var isDisjoint: Bool {
    zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound }
  }

  /// The channels that are `offset` further on.
  func shifted(by offset: Int) -> ChannelMap {
    ChannelMap(ranges.map { ($0.lowerBound + offset)..<($0.upperBound + offset) })
  }

  /// The whole groups that the channels lie in, where each `from` channels become `to`.
  func grouped(from: Int, to: Int) -> ChannelMap {
    ChannelMap(
      ranges.map { ($0.lowerBound / from * to)..<(($0.upperBound + from - 1) / from * to) })
  }

  /// The channels of both, and those between.
  func union(_ other: ChannelMap) -> ChannelMap {
    ChannelMap(
      zip(ranges, other.ranges).map {
        min($0.lowerBound, $1.lowerBound)..<max($0.upperBound, $1.upperBound)
      })
  }
}
