import RSORuns
import Testing

@Suite("Calibration")
struct CalibrationErrorTests {
  @Test("samples are in the bin of their confidence, whose upper end belongs to it")
  func bins() throws {
    let confidences: [Double] = [1, 0.95, 14.0 / 15, 0.5, 0, 1.0 / 15]
    let bins = try #require(
      CalibrationError.bins(confidences: confidences) {
        [true, false, true, true, false, true][$0]
      })
    #expect(bins.map(\.samples) == [2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2])
    #expect(bins[14].correct == 1 && bins[14].accuracy == 0.5)
    #expect(bins[14].meanConfidence == 0.975)
    #expect(bins[1].accuracy == nil && bins[1].meanConfidence == nil)
    // The distances of the bins' sums: 1 - 1/15, 1 - 0.5, 1 - 14/15 and 1 - 1.95, over six samples.
    let error = CalibrationError.expected(confidences: confidences) {
      [true, false, true, true, false, true][$0]
    }
    let expected: Double = (14.0 / 15 + 0.5 + 1.0 / 15 + 0.95) / 6
    let found = try #require(error)
    #expect(abs(found - expected) < 1e-12)
  }

  @Test(
    "there are no bins without samples, or with a confidence that is NaN",
    arguments: [[], [0.5, .nan]])
  func none(confidences: [Double]) {
    #expect(CalibrationError.bins(confidences: confidences) { _ in true } == nil)
  }
}
