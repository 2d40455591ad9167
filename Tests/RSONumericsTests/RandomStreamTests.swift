import RSONumerics
import Testing

@Suite struct RandomStreamTests {
  private func stream(_ position: Int) -> RandomStream {
    RandomKey(seed: 11, purpose: .minibatch).stream(position)
  }

  @Test("uniforms lie strictly between 0 and 1, evenly")
  func uniforms() {
    var stream = stream(0)
    var counts = [Int](repeating: 0, count: 16)
    for _ in 0..<160_000 {
      let value = stream.nextUniform()
      #expect(value > 0 && value < 1)
      counts[Int(value * 16)] += 1
    }
    #expect(chiSquare(counts) < 44.3)  // 15 degrees of freedom, probability 1e-4
  }

  @Test("bounded numbers are evenly spread", arguments: [1, 2, 3, 7, 10, 16, 100])
  func boundedNumbers(bound: Int) {
    var stream = stream(bound)
    var counts = [Int](repeating: 0, count: bound)
    for _ in 0..<(10_000 * bound) { counts[stream.next(below: bound)] += 1 }
    // Mean + 5 standard deviations of chi-square with bound - 1 degrees of freedom.
    let freedom = Double(bound - 1)
    #expect(chiSquare(counts) <= freedom + 5 * (2 * freedom).squareRoot())
  }

  @Test("a bound near the largest number is unbiased: a quarter of all words is refused")
  func largeBound() {
    // The high word alone would be 0 modulo 3 for three words of eight, 1 for three, 2 for two.
    let bound = 3 << 61
    var stream = stream(1)
    var counts = [0, 0, 0]
    for _ in 0..<90_000 {
      let value = stream.next(below: bound)
      #expect(value >= 0 && value < bound)
      counts[value % 3] += 1
    }
    #expect(chiSquare(counts) < 18.4)  // 2 degrees of freedom, probability 1e-4
  }

  @Test("a shuffle is a permutation", arguments: [0, 1, 2, 10, 1000, 60_000])
  func shuffles(count: Int) {
    var stream = stream(count)
    let shuffled = stream.sample(count: count, from: count)
    #expect(shuffled.sorted() == (0..<count).map { Int32($0) })
    if count >= 1000 { #expect(shuffled != shuffled.sorted()) }
  }

  @Test("all orders of four are equally likely")
  func orders() {
    var stream = stream(2)
    var counts: [[Int32]: Int] = [:]
    for _ in 0..<24_000 { counts[stream.sample(count: 4, from: 4), default: 0] += 1 }
    #expect(counts.count == 24)
    #expect(chiSquare(Array(counts.values)) < 58.6)  // 23 degrees of freedom, probability 5e-5
  }

  @Test("a drawer's sample depends on its stream alone and equals the one-off sample")
  func drawerIsPure() {
    var drawer = SampleDrawer(total: 6000)
    var first: [[Int32]] = []
    for position in 0..<10 {
      var stream = stream(position)
      first.append(drawer.draw(500, from: &stream))
    }
    for position in (0..<10).reversed() {
      var again = stream(position)
      var once = stream(position)
      let drawn = drawer.draw(500, from: &again)
      #expect(drawn == first[position])
      #expect(drawn == once.sample(count: 500, from: 6000))
      #expect(Set(drawn).count == 500)
      #expect(drawn.allSatisfy { $0 >= 0 && $0 < 6000 })
    }
    #expect(Set(first).count == 10)
  }

  @Test("every number is drawn equally often, in every place")
  func samplesAreEven() {
    var drawer = SampleDrawer(total: 20)
    var stream = stream(3)
    var counts = [Int](repeating: 0, count: 20)
    var leading = counts
    for _ in 0..<20_000 {
      let drawn = drawer.draw(5, from: &stream)
      for item in drawn { counts[Int(item)] += 1 }
      leading[Int(drawn[4])] += 1
    }
    #expect(chiSquare(counts) < 50.8)  // 19 degrees of freedom, probability 1e-4
    #expect(chiSquare(leading) < 50.8)
  }

  @Test("a draw takes a number of the stream for each item, however many there are in all")
  func drawsAreCheap() {
    for (count, total) in [(5, 20), (5000, 60_000), (1, 1_000_000)] {
      var drawer = SampleDrawer(total: total)
      var (drawn, counted) = (stream(1), stream(1))
      _ = drawer.draw(count, from: &drawn)
      for place in 0..<count { _ = counted.next(below: total - place) }
      #expect(drawn.next() == counted.next())
    }
  }

  @Test("the first draws of a position are pinned")
  func pinned() {
    var stream = RandomKey(seed: 42, purpose: .minibatch).stream(3, 2, 1)
    #expect(stream.next() == 16_960_192_673_959_624_038)
    #expect(stream.nextUniform() == 0.798032158373425)
    #expect((0..<5).map { _ in stream.next(below: 60_000) } == [22159, 10870, 54077, 20750, 52274])
    #expect(stream.sample(count: 8, from: 8) == [5, 6, 1, 7, 0, 2, 3, 4])
    #expect(stream.sample(count: 5, from: 60_000) == [23706, 9419, 8334, 44713, 57064])
  }

  /// Squared deviations from equal counts, over the count expected.
  private func chiSquare(_ counts: [Int]) -> Double {
    let expected = Double(counts.reduce(0, +)) / Double(counts.count)
    return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
  }
}
