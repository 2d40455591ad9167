import RSODatasets
import RSONetworks
import RSOSearch

/// The sets of samples that every cycle is measured on.
struct EvaluatedSets {
  let validation: Samples?
  /// Nil if no cycle is measured on the test set.
  let test: Samples?

  /// - Parameter testsEachCycle: Also where a validation set chooses.
  init(_ dataset: Dataset, normalization: Normalization, testsEachCycle: Bool) {
    func samples(_ set: SampleSet?) -> Samples? {
      set.flatMap { $0.count == 0 ? nil : Samples($0, normalization: normalization) }
    }
    validation = samples(dataset.validation)
    // Where a validation set chooses, the test set judges the chosen network once, after the run, unless
    // each cycle is to be tested.
    test = validation == nil || testsEachCycle ? samples(dataset.test) : nil
  }

  /// The scores of the search's network.
  func scores(
    _ search: borrowing Search, statistics: NormalizationStatistics
  ) -> (validation: SetScore?, test: SetScore?) {
    let (evaluator, loss) = (search.evaluator, search.plan.options.loss)
    func score(_ samples: Samples?) -> SetScore? {
      samples.map { samples in
        let predictions = evaluator.predictions(for: samples, statistics: statistics)
        return Score(predictions, samples.targets, loss: loss).summary
      }
    }
    return (score(validation), score(test))
  }
}
