/// The samples of one step, and the minibatch slot that they come from.
package struct Minibatch: Sendable, Hashable {
  /// Indices into the training samples.
  package var samples: [Int32]
  /// The minibatch's place in the layer's rotation. Within a layer, a slot always holds the same
  /// samples, so that an evaluator may keep their activations between visits. Nil for a minibatch that
  /// is drawn for one step.
  package var slot: Int?

  package init(samples: [Int32], slot: Int?) {
    self.samples = samples
    self.slot = slot
  }
}

/// Mean and biased variance of each batch norm's input, one value of each per channel.
///
/// Indexed like `ParameterLayout.layers`; empty for a layer without batch norm.
package struct NormalizationStatistics: Sendable, Hashable {
  package var mean: [[Float]]
  package var variance: [[Float]]

  package init(mean: [[Float]], variance: [[Float]]) {
    self.mean = mean
    self.variance = variance
  }
}

/// The logits of a set of samples, normalised with fixed statistics.
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
/// parameters `losses` and `commit`. At the beginning of a neuron, an evaluator gives the same bits
/// as a fresh one with the same parameters. So a checkpoint can be saved there.
///
/// A class by nature: it owns gigabytes of activations and the threads that work on them.
package protocol Evaluator: AnyObject {
  var architecture: Architecture { get }
  var layout: ParameterLayout { get }
  var parameters: [Float] { get }
  /// The objective by which candidates are compared. At first it is the default loss of the samples' task. An
  /// objective must suit that task.
  var objective: Objective { get set }
  /// The shortage, if the evaluator has fewer threads than it was asked to use; otherwise nil.
  var threadShortage: ThreadShortage? { get }
  /// The reason why losses are no longer computed, as a device that was lost; nil as long as they are. Losses,
  /// statistics and predictions mean nothing once there is one.
  var failure: (any Error)? { get }
  /// The work of the device so far; nil if the processor computes.
  var deviceWork: DeviceWork? { get }
  /// The number of consecutive neurons of a layer that share work. A benchmark times that many.
  func neuronsSharingWork(inLayer layer: Int) -> Int

  /// Cuts minibatches from the changed training samples that `change` returns, in layers that begin from
  /// now on. Statistics are always those of the unchanged samples.
  func changeImages(_ change: (Samples) -> Samples)

  /// Starts work on a layer whose minibatches come from `slots` minibatch slots; 0: every minibatch is
  /// drawn for one step.
  func beginLayer(_ layer: Int, slots: Int)

  /// Starts work on the parameters of one output of the layer: its weights, bias, gamma and beta.
  func beginNeuron(output: Int)

  /// Returns the loss on one minibatch for each of up to three values of one parameter of the current
  /// neuron, normalised with that minibatch's statistics.
  ///
  /// Does not change the parameters. A value's loss does not depend on the other values.
  func losses(of address: WeightAddress, values: [Float], on minibatch: Minibatch) -> [Double]

  /// Returns the loss on one minibatch for each of several whole vectors of parameters, which may differ
  /// from `parameters` in the current layer and in later ones.
  func losses(ofNetworks candidates: [[Float]], on minibatch: Minibatch) -> [Double]

  /// Sets a parameter of the current neuron to its new value.
  func commit(_ perturbation: Perturbation)

  /// Replaces the parameters of the current layer and of later ones. Call `beginNeuron` again after
  /// it, but not `beginLayer`.
  func replaceParameters(with parameters: [Float])

  /// Batch-norm statistics over all training samples, for evaluation and export.
  func trainingSetStatistics() -> NormalizationStatistics

  /// Logits of `samples`, normalised with `statistics`.
  func predictions(for samples: Samples, statistics: NormalizationStatistics) -> Predictions
}

extension Evaluator {
  /// The loss of the objective. Setting it sets an objective without a tie-break.
  package var loss: Loss {
    get { objective.loss }
    set { objective = Objective(newValue) }
  }

  package var threadShortage: ThreadShortage? { nil }
  package var failure: (any Error)? { nil }
  package var deviceWork: DeviceWork? { nil }
  package func neuronsSharingWork(inLayer layer: Int) -> Int { 1 }

  /// The losses of a step's three candidates.
  package func losses(of candidates: Candidates, on minibatch: Minibatch) -> CandidateLosses {
    let losses = losses(
      of: candidates.address, values: [candidates.current, candidates.plus, candidates.minus],
      on: minibatch)
    return CandidateLosses(current: losses[0], plus: losses[1], minus: losses[2])
  }
}
