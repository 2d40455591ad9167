import RSOSearch
import Testing

@Suite("Weights restricted to a set")
struct WeightSetTests {
  private func grid(_ set: WeightSet, deviation: Double = 0.5) throws -> WeightGrid {
    try #require(set.grid(deviation: deviation))
  }

  /// Plus and minus.
  private func others(_ grid: WeightGrid, _ value: Float, _ delta: Float) -> [Float] {
    let others = grid.others(than: value, delta: delta)
    return [others.plus, others.minus]
  }

  @Test("real weights have no grid")
  func real() { #expect(WeightSet.real.grid(deviation: 0.5) == nil) }

  @Test(
    "a value goes to the nearest member",
    arguments: [
      (WeightSet.binary, [-0.7, -0.1, 0, 0.1, 9], [-0.5, -0.5, 0.5, 0.5, 0.5]),
      (.ternary, [-0.7, -0.3, -0.2, 0, 0.24, 0.26, 9], [-0.5, -0.5, 0, 0, 0, 0.5, 0.5]),
      (
        .int8, [-9, -0.05, 0, 0.01, 0.03, 0.5, 9],
        [-127.0 / 32, -0.0625, 0, 0, 0.03125, 0.5, 127.0 / 32]
      ),
    ] as [(WeightSet, [Float], [Float])])
  func nearest(set: WeightSet, values: [Float], members: [Float]) throws {
    let grid = try grid(set)
    #expect(values.map(grid.nearest) == members)
    #expect(members.allSatisfy(grid.contains))
    #expect(!grid.contains(0.1) && !grid.contains(9))
  }

  @Test("a binary weight is compared with the other value, whatever is drawn")
  func binary() throws {
    let grid = try grid(.binary)
    for delta: Float in [-3, 0, 0.001] {
      #expect(others(grid, -0.5, delta) == [0.5, -0.5])
      #expect(others(grid, 0.5, delta) == [0.5, -0.5])
    }
  }

  @Test("a ternary weight is compared with both other values, around the ends")
  func ternary() throws {
    let grid = try grid(.ternary)
    #expect(others(grid, 0, 0) == [0.5, -0.5])
    #expect(others(grid, 0.5, 0) == [-0.5, 0])
    #expect(others(grid, -0.5, 0) == [0, 0.5])
  }

  @Test("an eight-bit weight moves by what is drawn, by a step at least, and stays in the set")
  func int8() throws {
    let grid = try grid(.int8)
    let step: Float = 0.03125
    #expect(others(grid, 0, 0.1) == [3 * step, -3 * step])
    #expect(others(grid, step, -0.001) == [0, 2 * step])
    #expect(others(grid, 126 * step, 0.1) == [127 * step, 123 * step])
    #expect(others(grid, 127 * step, 0.1) == [127 * step, 124 * step])
    #expect(others(grid, -127 * step, 1e30) == [127 * step, -127 * step])
    #expect(others(grid, step, 0) == [step, step])
  }

  @Test("a scale has eight significant bits, so that sums of weights are exact")
  func scale() throws {
    for deviation in [0.123_456, 0.353_553, 1.0 / 3, 7.77] {
      let scale = try grid(.binary, deviation: deviation).scale
      #expect(abs(Double(scale) / deviation - 1) <= 1.0 / 256)
      let bits = Double(scale) / Double(scale.binade) * 128
      #expect(bits == bits.rounded())
      var sum: Float = 0
      for _ in 0..<999 { sum += scale }
      #expect(sum == 999 * scale)
    }
  }

  @Test("weights that do not vary have no scale, and stay as they are")
  func withoutScale() throws {
    for set in [WeightSet.binary, .ternary, .int8] {
      let grid = try grid(set, deviation: 0)
      #expect(grid.nearest(0.3) == 0)
      #expect(others(grid, 0, 1) == [0, 0])
    }
  }
}
