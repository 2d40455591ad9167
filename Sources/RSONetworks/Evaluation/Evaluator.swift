/// The samples of one step, and whether they come again.
package struct Minibatch: Sendable, Hashable {
  /// Indices into the training samples.
  package var samples: [Int32]
  /// The place in the layer's rotation of batches: within a layer, the same slot always holds the
  /// same samples, so that their activations may be kept between visits. Nil for a batch drawn for
  /// one step alone.
  package var slot: Int?

  package init(samples: [Int32], slot: Int?) {
    self.samples = samples
    self.slot = slot
  }
}

/// Mean and biased variance of a batch norm's input, a value a channel, for every layer that has a
/// batch norm (empty for the others); indexed like `ParameterLayout.layers`.
package struct NormalizationStatistics: Sendable, Hashable {
  package var mean: [[Float]]
  package var variance: [[Float]]

  package init(mean: [[Float]], variance: [[Float]]) {
    self.mean = mean
    self.variance = variance
  }
}

/// What a network answers for a set of samples, normalised with fixed statistics.
package struct Predictions: Sendable {
  /// N x classes, row-major.
  package var logits: [Float]
  package var classes: Int

  package init(logits: [Float], classes: Int) {
    self.logits = logits
    self.classes = classes
  }
}

/// Compares candidate values of one parameter on minibatches.
///
/// The order of calls: `beginLayer`, then for each neuron `beginNeuron`, then for each of its
/// parameters `losses` and `commit`. Whatever an evaluator remembers, it gives at the beginning of a
/// neuron what a fresh one with the same parameters would give, bit for bit: that is where a
/// checkpoint may stand.
///
/// A class by nature: it owns gigabytes of activations and the threads that work on them.
package protocol Evaluator: AnyObject {
  var architecture: Architecture { get }
  var layout: ParameterLayout { get }
  var parameters: [Float] { get }
  /// What candidates are compared by; the cross entropy at first.
  var loss: Loss { get set }
  /// Set where the evaluator has fewer threads than it was asked to use.
  var threadShortage: ThreadShortage? { get }
  /// How many neurons in a row share work in a layer, so that a benchmark times as many.
  func neuronsSharingWork(inLayer layer: Int) -> Int

  /// Cuts the minibatches of the layers that are begun from now on from what `change` makes of the
  /// training samples; statistics are those of the samples as they are.
  func changeImages(_ change: (Samples) -> Samples)

  /// Starts work on a layer whose minibatches come from `slots` rotation slots (0: every minibatch
  /// is drawn for one step alone).
  func beginLayer(_ layer: Int, slots: Int)

  /// Starts work on the parameters `kind` of one output of the layer.
  func beginNeuron(output: Int)

  /// The losses of other values of one parameter of the neuron at hand on one minibatch, normalised
  /// with that batch's statistics: a loss a value, of which there are at most three. Leaves the
  /// parameters as they are. A loss does not depend on what other values are asked for.
  func losses(of address: WeightAddress, values: [Float], on minibatch: Minibatch) -> [Double]

  /// The same for other values of all parameters at once: whole vectors, which may differ from
  /// `parameters` in the layer at hand and in those after it.
  func losses(ofNetworks candidates: [[Float]], on minibatch: Minibatch) -> [Double]

  /// Gives a parameter of the neuron at hand its new value.
  func commit(_ perturbation: Perturbation)

  /// Gives the parameters of the layer at hand, and of those after it, new values. The layer stays
  /// begun; a neuron has to be begun anew.
  func replaceParameters(with parameters: [Float])

  /// Batch-norm statistics over all training samples, for evaluation and export.
  func trainingSetStatistics() -> NormalizationStatistics

  /// Logits of `samples`, normalised with `statistics`.
  func predictions(for samples: Samples, statistics: NormalizationStatistics) -> Predictions
}

extension Evaluator {
  package var threadShortage: ThreadShortage? { nil }
  package func neuronsSharingWork(inLayer layer: Int) -> Int { 1 }

  /// The losses of a step's three candidates.
  package func losses(of candidates: Candidates, on minibatch: Minibatch) -> CandidateLosses {
    let losses = losses(
      of: candidates.address, values: [candidates.current, candidates.plus, candidates.minus],
      on: minibatch)
    return CandidateLosses(current: losses[0], plus: losses[1], minus: losses[2])
  }
}
