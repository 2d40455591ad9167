import RSODatasets
import RSONetworks
import RSOSearch

/// The sets of samples that every cycle is measured on.
struct EvaluatedSets {
  let validation: Samples?
  /// The test set; nil if cycles are not measured on it.
  let test: Samples?

  /// - Parameter testsEachCycle: True to measure the test set after each cycle although a validation set
  ///   chooses the network.
  init(_ dataset: Dataset, normalization: Normalization, testsEachCycle: Bool) {
    func samples(_ set: SampleSet?) -> Samples? {
      set.flatMap { $0.count == 0 ? nil : Samples($0, normalization: normalization) }
    }
    validation = samples(dataset.validation)
    // With a validation set, the test set is measured once, after the run, on the chosen network, unless the
    // user asks for each cycle.
    test = validation == nil || testsEachCycle ? samples(dataset.test) : nil
  }

  /// The scores of the search's network.
  func scores(
    _ search: borrowing Search, statistics: NormalizationStatistics
  ) -> (validation: SetScore?, test: SetScore?) {
    let (evaluator, objective) = (search.evaluator, search.plan.objective)
    func score(_ samples: Samples?) -> SetScore? {
      samples.map { samples in
        let predictions = evaluator.predictions(for: samples, statistics: statistics)
        return Score(predictions, samples.targets, objective: objective).summary
      }
    }
    return (score(validation), score(test))
  }
}
