import RSODatasets
import RSONetworks
import RSOSearch

/// The sets of samples that every cycle is measured on.
struct EvaluatedSets {
  /// The scores of sets that were measured.
  typealias Scores = (validation: SetScore?, test: SetScore?)

  let validation: Samples?
  /// The test set; nil if cycles are not measured on it.
  let test: Samples?

  /// None, for a search without data.
  init() { (validation, test) = (nil, nil) }

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
  ///
  /// *Throws:* the failure of a program that computes the objective.
  func scores(
    _ search: borrowing Search, statistics: NormalizationStatistics
  ) throws -> Scores {
    let evaluator = search.evaluator
    let objective = evaluator.objective
    func score(_ samples: Samples?, _ purpose: ObjectiveSamples.Purpose) throws -> SetScore? {
      guard let samples else { return nil }
      let predictions = evaluator.predictions(for: samples, statistics: statistics)
      let score = Score(predictions, samples.targets, objective: objective, purpose: purpose)
      if let failure = objective.program?.failure { throw failure }
      return score.summary
    }
    return (try score(validation, .validationSet), try score(test, .testSet))
  }
}
