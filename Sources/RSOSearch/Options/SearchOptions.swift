import RSONetworks
import RSONumerics

/// The options of a search, with their defaults. `SearchOption.all` describes each of them.
package struct SearchOptions: Sendable, Hashable {
  /// Cycles to train: passes over all parameters.
  package var cycles = 50
  /// The run ends after so many cycles without a better one; nil to train all `cycles`.
  package var patience: Int?
  /// Training samples in a minibatch, cycle by cycle.
  package var batchSize = BatchSchedule(5000)
  /// Layers with larger minibatches, as multiples of `batchSize`.
  package var batchFactors = BatchFactors()
  package var batching = Batching.cyclic
  /// Consecutive weights of a neuron that share a minibatch; the paper has 1. From the second weight
  /// on, the current loss is known from the step before, so a step evaluates one loss less.
  package var hold = 1
  package var proposal = ProposalDistribution.gaussian
  package var granularity = Granularity.weight
  package var order = WeightOrder.output
  package var layers = LayerOrder.backward
  package var parallel = ParallelMode.none
  package var selection = SelectionRule.best
  /// The loss that candidates are compared by and that results report.
  package var loss = Loss.crossEntropy
  /// The command of the program that computes the loss `program`.
  package var objectiveCommand = ObjectiveCommand()
  /// The loss that decides between candidates whose loss is equal.
  package var tieBreak = TieBreak.none
  /// The weight of each class in the loss.
  package var classWeights = ClassWeights()
  /// The unit of each number to predict in the loss and in the proposals.
  package var targetScales = TargetScales()
  /// The part of each target that the cross entropy spreads evenly over all classes.
  package var labelSmoothing = 0.0
  /// The exponent of the focal loss.
  package var focalGamma = 2.0
  /// The costs of the loss `cost`.
  package var costMatrix = CostMatrix()
  /// The number of largest logits among which the loss `top-k` looks for the class.
  package var topK = 5
  /// The quantile of the loss `quantile`.
  package var quantile = 0.5
  /// The values that weights may have.
  package var weights = WeightSet.real
  /// Factor on the deviation of all proposals. *Paper:* § 4.1.
  package var deviationScale = 1.0
  package var anneal = Annealing.linear
  package var adapt = Adaptation.none
  /// Deviation of the last cycle as a fraction of the first cycle's. *Paper:* § 3, where it is 0.1.
  package var annealTo = 0.1
  /// Cycles over which the deviation falls; nil for all `cycles`. A run that is extended past its
  /// planned end may have fewer.
  package var annealCycles: Int?
  /// Fraction by which a parameter shrinks at each visit; 0 turns decay off.
  package var weightDecay = 1e-4
  /// Training samples that a layer's minibatches are cut from; nil for all. They are drawn again for
  /// every layer of every cycle.
  package var phaseSamples: Int?
  /// Random changes of the training images.
  package var augment = Augmentation()

  package init() {}

  /// The objective of a search on data with this task.
  package func objective(_ task: LearningTask) -> Objective {
    var objective = Objective(
      loss, tieBreak: tieBreak == .none ? nil : .standard(for: task),
      classWeights: classWeights.weights.map(Float.init))
    objective.parameters.labelSmoothing = Float(labelSmoothing)
    objective.parameters.focalGamma = Float(focalGamma)
    objective.parameters.costs = costMatrix.rows.joined().map(Float.init)
    objective.parameters.topK = topK
    objective.parameters.quantile = Float(quantile)
    objective.parameters.targetWeights = targetScales.scales.map { Float(1 / $0) }
    return objective
  }

  /// The options that only one loss has. Whoever gives one of them means that loss.
  private static let lossesByOption: [(option: String, loss: Loss)] = [
    ("objective", .program), ("cost-matrix", .cost), ("top-k", .topK), ("quantile", .quantile),
    ("focal-gamma", .focal),
  ]

  /// Takes the loss that the given options mean, unless `loss` is one of them.
  ///
  /// - Parameter texts: The texts of the given options by their names.
  package mutating func takeLoss(impliedBy texts: [String: String]) {
    guard texts["loss"] == nil else { return }
    for (name, loss) in Self.lossesByOption {
      if let text = texts[name], text != "none" { self.loss = loss }
    }
  }

  /// Takes what follows from the targets of the training set: class weights and target scales, whose default is
  /// `deviations` where the loss can have them.
  ///
  /// - Parameter texts: The texts of the given options by their names.
  package mutating func fit(_ targets: Targets, classes: Int, given texts: [String: String]) {
    classWeights.balance(targets, classes: classes)
    if texts["target-scales"] == nil, targets.task == .regression, loss.suits(.regression) {
      targetScales = .deviations
    }
    targetScales.measure(targets)
  }

  /// The number of samples that a layer's minibatches are cut from, for a training set of `samples`.
  package func phaseSamples(of samples: Int) -> Int { phaseSamples ?? samples }

  /// The default minibatch: 5000 samples, or all available ones if there are fewer.
  package func defaultBatchSize(samples: Int) -> BatchSchedule {
    BatchSchedule(min(SearchOptions().batchSize.last, phaseSamples(of: samples)))
  }

  /// The number of samples in a layer's minibatches: `size` times the layer's factor, but at most all
  /// that minibatches are cut from.
  ///
  /// - Parameter samples: The number of training samples.
  package func batchSize(_ size: Int, layer: String, samples: Int) -> Int {
    let product = size.multipliedReportingOverflow(by: batchFactors[layer])
    let most = phaseSamples(of: samples)
    return product.overflow ? most : min(product.partialValue, most)
  }
}
