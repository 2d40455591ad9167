import RSORanks
import Testing

@Suite("Ranks")
struct RanksTests {
  private struct Pretended: Ranks {
    let rank: Int
    let count: Int
    func gather(_ bytes: UnsafeMutableRawPointer, parts: [Range<Int>]) {}
    func divided(into groups: Int) -> any Ranks { self }
  }

  @Test("shares are consecutive, cover everything once, and differ by one at most")
  func shares() {
    for count in 1...9 {
      for total in 0...40 {
        let shares = (0..<count).map { Pretended(rank: $0, count: count).share(of: total) }
        #expect(shares.flatMap { Array($0) } == Array(0..<total))
        let sizes = shares.map(\.count)
        #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
        #expect(Pretended(rank: 0, count: count).largestShare(of: total) == sizes.max())
      }
    }
  }

  @Test("every rank ends with the rows of all", arguments: [1, 2, 3, 5], [0, 1, 4, 17])
  func gather(count: Int, rows: Int) throws {
    let width = 3
    let expected = (0..<(rows * width)).map { Double($0) }
    let results = try InProcessRanks.results(ofGroup: count) { ranks in
      var last: [Double] = []
      // Several rounds with other memory each: no rank may run ahead of another.
      for _ in 0..<50 {
        var own = [Double](repeating: .nan, count: rows * width)
        for row in ranks.share(of: rows) {
          for column in 0..<width { own[row * width + column] = expected[row * width + column] }
        }
        own.withUnsafeMutableBufferPointer { buffer in
          if let first = buffer.baseAddress { ranks.gather(first, total: rows, width: width) }
        }
        last = own
      }
      return last
    }
    for result in results { #expect(result == expected) }
  }

  @Test("each rank's value comes in the order of the ranks")
  func values() throws {
    let results = try InProcessRanks.results(ofGroup: 4) { ranks in
      ranks.values(of: UInt64(10 * ranks.rank))
    }
    for result in results { #expect(result == [0, 10, 20, 30]) }
    #expect(SoleRank().values(of: 7) == [7])
  }

  @Test("groups are consecutive ranks, each rank is in one, and their sizes differ by one at most")
  func groupNumbers() {
    for ranks in 1...9 {
      for groups in 1...ranks {
        let numbers = (0..<ranks).map { RankGroups.group(of: $0, among: ranks, groups: groups) }
        #expect(numbers == numbers.sorted())
        #expect(Set(numbers) == Set(0..<groups))
        for group in 0..<groups {
          #expect(
            numbers.firstIndex(of: group)
              == RankGroups.firstRank(ofGroup: group, among: ranks, groups: groups))
        }
        let sizes = (0..<groups).map { group in numbers.count { $0 == group } }
        #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
      }
    }
  }

  @Test(
    "the ranks of a group exchange values among themselves, and all ranks the bytes of the groups",
    arguments: [(1, 1), (3, 1), (3, 2), (5, 3), (6, 3)])
  func groups(count: Int, groups: Int) throws {
    let results = try InProcessRanks.results(ofGroup: count) { ranks in
      let divided = RankGroups(ranks, count: groups)
      let members = divided.own.values(of: ranks.rank)
      // Of several ranks of a group, the first one's are taken, and some groups have none.
      let bytes = divided.bytes(
        of: [UInt8](repeating: UInt8(ranks.rank), count: divided.group * 5))
      return (divided, members, bytes)
    }
    for (rank, (divided, members, bytes)) in results.enumerated() {
      #expect(divided.group == RankGroups.group(of: rank, among: count, groups: groups))
      #expect(members.count == divided.own.count)
      #expect(members[divided.own.rank] == rank)
      #expect(members == Array(members[0]..<(members[0] + members.count)))
      #expect(
        bytes
          == (0..<groups).map {
            [UInt8](
              repeating: UInt8(
                RankGroups.firstRank(ofGroup: $0, among: count, groups: groups)), count: $0 * 5)
          })
    }
  }

  @Test("messages are counted with the bytes of the other ranks, and the time in them")
  func measured() throws {
    let traffic = try InProcessRanks.results(ofGroup: 3) { ranks in
      let measured = MeasuredRanks(ranks)
      _ = measured.values(of: UInt64(1))
      var numbers = [Double](repeating: 0, count: 7)
      numbers.withUnsafeMutableBufferPointer { buffer in
        if let first = buffer.baseAddress { measured.gather(first, total: 7, width: 1) }
      }
      return measured.traffic
    }
    // There are seven numbers: the ranks have two, two and three of them.
    let received: [Double] = [56, 56, 48]
    for (rank, expected) in zip(traffic, received) {
      #expect(rank.bytes == expected)
      #expect(rank.messages == 2)
      #expect(rank.seconds > 0)
    }
    let twice: Traffic = 2 * traffic[0]
    let once: Traffic = twice - traffic[0]
    #expect(once == traffic[0] + Traffic.none)
  }
}
