import RSORuns
import Testing

@Suite("Statistics of an array")
struct TensorStatisticsTests {
  @Test("are those of its finite elements, and count the others")
  func figures() {
    let found = TensorStatistics([1, -3, 0, 2, .nan, .infinity] as [Float])
    #expect(found.count == 6 && found.notFinite == 2 && found.zeros == 1)
    #expect(found.mean == 0 && found.minimum == -3 && found.maximum == 2)
    #expect(found.norm == 14.0.squareRoot())
    #expect(found.standardDeviation == (14.0 / 4).squareRoot())
    #expect(found.rootMeanSquare == (14.0 / 4).squareRoot())
    #expect(found.shareOfZeros == 1.0 / 6)
  }

  @Test("say that nothing is known where no element is finite", arguments: [[], [Double.nan]])
  func nothing(values: [Double]) {
    let found = TensorStatistics(values)
    #expect(found.mean.isNaN && found.norm.isNaN && found.minimum.isNaN)
    #expect(!found.isConstant)
  }

  @Test(
    "tell what is constant",
    arguments: [
      ([2, 2, 2], true), ([0, 0], true), ([2], false), ([1, 2], false), ([1, .nan], false),
    ] as [([Double], Bool)])
  func constant(values: [Double], isConstant: Bool) {
    #expect(TensorStatistics(values).isConstant == isConstant)
  }

  @Test("tell the spread of numbers that lie far from zero")
  func shifted() {
    #expect(TensorStatistics([1e8 + 1, 1e8 - 1]).standardDeviation == 1)
  }
}

@Suite("The change of an array")
struct VectorChangeTests {
  @Test("is none between equal arrays, NaN included")
  func none() {
    let found = VectorChange(from: [1, -2, .nan], to: [1, -2, .nan] as [Double])
    #expect(found.changed == 0 && found.maximum == 0 && found.relativeNorm == 0)
  }

  @Test("counts changes and sign flips, and measures them")
  func figures() {
    let found = VectorChange(from: [3, 4, 0, 1] as [Float], to: [3, -4, 1, 1] as [Float])
    #expect(found.changed == 2 && found.signFlips == 1 && found.maximum == 8)
    #expect(found.shareChanged == 0.5)
    #expect(found.relativeNorm == (65.0 / 26).squareRoot())
    #expect(found.cosine == (9 - 16 + 1) / (26.0.squareRoot() * 27.0.squareRoot()))
  }

  @Test("has no size beside nothing, and no angle to it")
  func fromZero() {
    let found = VectorChange(from: [0, 0] as [Double], to: [1, 0])
    #expect(found.relativeNorm == nil && found.cosine == nil && found.changed == 1)
    #expect(VectorChange(from: [0] as [Double], to: [0]).relativeNorm == 0)
  }

  @Test("shows what is not a number")
  func notANumber() {
    #expect(VectorChange(from: [1, 2] as [Double], to: [.nan, 3]).maximum.isNaN)
  }
}

@Suite("Filters")
struct FilterStatisticsTests {
  @Test("are as many as there are numbers for")
  func filters() {
    let found = FilterStatistics.all([1, 2, 3, 5] as [Float], filters: 2)
    #expect(found.map(\.output) == [0, 1] && found.map(\.statistics.maximum) == [2, 5])
    #expect(FilterStatistics.all([] as [Float], filters: 100_000_000_000).isEmpty)
  }
}

@Suite("Histograms")
struct HistogramTests {
  @Test("put each number into one bin, the largest into the last")
  func counts() {
    let found = Histogram([0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4] as [Double], bins: 4)
    #expect(found.counts == [2, 2, 2, 3])
    #expect((0...4).map(found.bound) == [0, 1, 2, 3, 4])
  }

  @Test(
    "have one bin where there is no range",
    arguments: [
      ([], [0]), ([7, 7], [2]), ([.nan, .infinity], [0]), ([0, 5e-324], [2]),
    ] as [([Double], [Int])])
  func degenerate(values: [Double], counts: [Int]) {
    #expect(Histogram(values, bins: 5).counts == counts)
  }

  @Test("span the range of all numbers")
  func extremes() {
    let largest = Double.greatestFiniteMagnitude
    #expect(Histogram([-largest, 0, largest], bins: 2).counts == [1, 2])
  }
}
