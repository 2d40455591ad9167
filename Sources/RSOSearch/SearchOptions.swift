import RSONetworks

/// Everything about a search that a user may choose.
package struct SearchOptions: Sendable, Hashable {
  /// Passes over all parameters.
  package var cycles = 50
  /// Training samples in a minibatch, cycle by cycle.
  package var batchSize = BatchSchedule(5000)
  /// Layers whose minibatches are multiples of that.
  package var batchFactors = BatchFactors()
  package var batching = Batching.cyclic
  /// Weights of a neuron, one after the other, that share a minibatch. Beyond 1 (the paper's), the
  /// current loss is known from the step before, and a step evaluates one loss less.
  package var hold = 1
  package var proposal = ProposalDistribution.gaussian
  package var granularity = Granularity.weight
  package var order = WeightOrder.output
  package var layers = LayerOrder.backward
  package var parallel = ParallelMode.none
  package var selection = SelectionRule.best
  /// What candidates are compared by, and figures are given in.
  package var loss = Loss.crossEntropy
  /// The values that weights may have.
  package var weights = WeightSet.real
  /// Factor on every initial deviation (RSO § 4.1).
  package var sigmaScale = 1.0
  package var anneal = Annealing.linear
  package var adapt = Adaptation.none
  /// The last cycle's deviation as a fraction of the first's (RSO § 3: 0.1).
  package var annealTo = 0.1
  /// Cycles that the deviation falls over, if a run goes on past the end it was planned with; nil:
  /// all `cycles`.
  package var annealCycles: Int?
  /// Fraction by which a parameter shrinks at each visit; 0 turns it off.
  package var weightDecay = 1e-4
  /// Training samples that one layer's minibatches are cut from, a fresh random subset for every
  /// layer of every cycle; nil: all of them.
  package var phaseSamples: Int?
  /// How the images of minibatches are changed.
  package var augment = Augmentation()

  package init() {}

  /// Training samples that one layer's minibatches are cut from, of `population`.
  package func phaseSamples(of population: Int) -> Int { phaseSamples ?? population }

  /// Samples in a layer's minibatches, where `size` is the usual: at most all that there are.
  package func batchSize(_ size: Int, layer: String, population: Int) -> Int {
    let product = size.multipliedReportingOverflow(by: batchFactors[layer])
    let most = phaseSamples(of: population)
    return product.overflow ? most : min(product.partialValue, most)
  }
}

/// How each step gets its minibatch.
package enum Batching: String, Sendable, Codable, CaseIterable {
  /// A shuffle of the training set for every layer, cut into batches that are visited in turn.
  case cyclic
  /// An independent draw without replacement for every parameter.
  case random
}

/// What a proposed change is drawn from, sigma being the layer's deviation (RSO § 3).
package enum ProposalDistribution: String, Sendable, Codable, CaseIterable {
  /// The normal distribution N(0, sigma).
  case gaussian
  /// Uniform on (-2 sigma, 2 sigma).
  case uniform
  /// One of -sigma, 0 and sigma; 0 costs no evaluation.
  case template
}

/// What one proposal changes (RSO § 4.2).
package enum Granularity: String, Sendable, Codable, CaseIterable {
  /// One parameter.
  case weight
  /// All parameters of a layer, each by a tenth of its deviation.
  case layer
  /// All parameters of the network, each by a tenth of its deviation.
  case network
}

/// The order of the weights in a layer (RSO § 4.3).
package enum WeightOrder: String, Sendable, Codable, CaseIterable {
  /// Output neuron by output neuron.
  case output
  /// Input channel by input channel.
  case input
}

/// The order of the layers (RSO § 3).
package enum LayerOrder: String, Sendable, Codable, CaseIterable {
  /// From the labels to the input.
  case backward
  /// From the input to the labels.
  case forward
}

/// What of a layer is searched as if at the same time (RSO § 4.6).
package enum ParallelMode: String, Sendable, Codable, CaseIterable {
  /// Every weight sees all changes made before it.
  case none
  /// Every weight sees the layer as it was when it was begun.
  case layer
  /// Every neuron sees the others as they were when the layer was begun, and its own changes.
  case neuron
}

/// How the deviations fall over the cycles.
package enum Annealing: String, Sendable, Codable, CaseIterable {
  /// Linearly (RSO § 3).
  case linear
  /// Not at all.
  case none
}
