import RSONetworks

/// An evaluator whose losses a test changes, or whose statistics it delays. Everything else is another
/// evaluator's.
package final class AlteredEvaluator: Evaluator {
  private let evaluator: any Evaluator
  private let changeLosses: ([Double]) -> [Double]
  private let beforeStatistics: () -> Void

  /// - Parameters:
  ///   - changeLosses: Returns the losses of a step, given those of `evaluator`.
  ///   - beforeStatistics: Called before the statistics of the training set are taken.
  package init(
    _ evaluator: any Evaluator, changeLosses: @escaping ([Double]) -> [Double] = { $0 },
    beforeStatistics: @escaping () -> Void = {}
  ) {
    self.evaluator = evaluator
    self.beforeStatistics = beforeStatistics
    self.changeLosses = changeLosses
  }

  package var architecture: Architecture { evaluator.architecture }
  package var layout: ParameterLayout { evaluator.layout }
  package var parameters: [Float] { evaluator.parameters }
  package var objective: Objective {
    get { evaluator.objective }
    set { evaluator.objective = newValue }
  }

  package func changeImages(_ change: (Samples) -> Samples) { evaluator.changeImages(change) }
  package func beginLayer(_ layer: Int, slots: Int) { evaluator.beginLayer(layer, slots: slots) }
  package func beginNeuron(output: Int) { evaluator.beginNeuron(output: output) }
  package func losses(
    of address: WeightAddress, values: [Float], on minibatch: Minibatch
  ) -> [Double] {
    changeLosses(evaluator.losses(of: address, values: values, on: minibatch))
  }
  package func losses(ofNetworks candidates: [[Float]], on minibatch: Minibatch) -> [Double] {
    evaluator.losses(ofNetworks: candidates, on: minibatch)
  }
  package func commit(_ perturbation: Perturbation) { evaluator.commit(perturbation) }
  package func replaceParameters(with parameters: [Float]) {
    evaluator.replaceParameters(with: parameters)
  }
  package func trainingSetStatistics() -> NormalizationStatistics {
    beforeStatistics()
    return evaluator.trainingSetStatistics()
  }
  package func predictions(
    for samples: Samples, statistics: NormalizationStatistics
  ) -> Predictions {
    evaluator.predictions(for: samples, statistics: statistics)
  }
}
