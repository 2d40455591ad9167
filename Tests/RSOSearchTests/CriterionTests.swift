import RSOSearch
import Testing

@Suite("The best cycle")
struct CriterionTests {
  private func record(_ cycle: Int, _ accuracy: Double?, _ loss: Double) -> CycleRecord {
    CycleRecord(
      cycle: cycle, trainingLoss: Double(-cycle),
      validation: SetScore(loss: loss, accuracy: accuracy),
      test: nil, evaluations: 1, seconds: 1, deviations: [], tallies: [])
  }

  private func best(_ figures: [(Double?, Double)], by criterion: Criterion) -> Int? {
    figures.enumerated().map { record($0 + 1, $1.0, $1.1) }.best(by: criterion)?.cycle
  }

  @Test("of equal validation accuracies the one with the lowest loss is best, then the first one")
  func ties() {
    let cases: [([(Double?, Double)], Int)] = [
      ([(1, 0.1144), (1, 0.02), (1, 0.0009), (1, 0.0009)], 3),
      ([(0.9, 0.1), (1, 0.5), (0.95, 0.01)], 2),
      ([(0.9, 0.1), (0.9, .nan), (0.9, 0.2)], 1),
      ([(0.9, .nan), (0.9, 0.2)], 2),
      ([(.nan, 0.3), (.nan, 0.2), (0.1, 9)], 3),
      ([(0.5, 0.3), (.nan, 0.1)], 1),
    ]
    for (figures, cycle) in cases {
      #expect(best(figures, by: .validationAccuracy) == cycle, "\(figures)")
    }
    #expect(best([(1, 0.2), (0.5, 0.1), (0.9, 0.1)], by: .validationLoss) == 2)
    #expect(best([], by: .validationAccuracy) == nil)
  }
}
