import RSONumerics
import Testing

@Suite struct PhiloxTests {
  @Test("blocks are numpy's, for every key and counter of the fixture")
  func blocksAreNumpys() throws {
    let blocks = try Vectors.load().blocks
    #expect(blocks.count == 42)
    for block in blocks {
      let found = Philox.block(
        counter: Philox.Counter(words(block.counter)), key: Philox.Key(words(block.key)))
      #expect(found == Philox.Counter(words(block.words)), "key \(block.key), \(block.counter)")
    }
  }

  @Test("a stream is the blocks of its position, one after another")
  func streamIsItsBlocks() throws {
    let expected = words(try Vectors.load().stream.words)
    var stream = Vectors.fixtureStream
    #expect(expected.count == 64)
    #expect(expected.map { _ in stream.next() } == expected)
  }

  @Test("no word repeats between purposes, seeds and neighbouring positions")
  func noRepeats() {
    var seen = Set<UInt64>()
    var drawn = 0
    for purpose in RandomPurpose.allCases {
      for seed in [0, 1, 2, UInt64.max] {
        let key = RandomKey(seed: seed, purpose: purpose)
        for (a, b, c) in [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1)] {
          var stream = key.stream(a, b, c)
          for _ in 0..<1000 {
            seen.insert(stream.next())
            drawn += 1
          }
        }
      }
    }
    #expect(drawn == 60_000)
    #expect(seen.count == drawn)
  }
}
