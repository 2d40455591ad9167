import ArgumentParser
import Foundation
import RSONetworks
import RSOSearch

extension Batching: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
extension ProposalDistribution: ExpressibleByArgument {}
extension Granularity: ExpressibleByArgument {}
extension WeightOrder: ExpressibleByArgument {}
extension LayerOrder: ExpressibleByArgument {}
extension ParallelMode: ExpressibleByArgument {}
extension SelectionRule: ExpressibleByArgument {}
extension Adaptation: ExpressibleByArgument {}
extension Annealing: ExpressibleByArgument {}
extension Loss: ExpressibleByArgument {}
extension WeightSet: ExpressibleByArgument {}

/// Reads an option's value.
///
/// *Throws:* what such a value looks like.
private func reading<Value>(
  _ read: @escaping @Sendable (String) -> Value?, expected: String
) -> @Sendable (String) throws -> Value {
  { text in
    guard let value = read(text) else { throw ValidationError("expected \(expected)") }
    return value
  }
}

/// The options that decide what a run computes. What is not given is nil, so that `rso resume` can
/// tell what was asked for from what goes without saying.
struct PlanOptions: ParsableArguments {
  private static let usual = SearchOptions()

  @OptionGroup var network: NetworkOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Passes over all parameters. (default: \(usual.cycles))", valueName: "n"))
  var cycles: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Training samples in a minibatch; or a schedule over the cycles, such as 250:3,1000:3,5000: "
        + "250 for three cycles, 1000 for three, then 5000. (default: \(usual.batchSize))",
      valueName: "n"),
    transform: reading(
      { BatchSchedule($0) },
      expected: "a size; or sizes with their cycles and a last size, as in 250:3,1000:3,5000"))
  var batchSize: BatchSchedule?

  @Option(
    help: ArgumentHelp(
      "Layers whose minibatches are multiples of that, at most all samples: conv5:4,fc:8 is four "
        + "times as many in conv5, and eight times in fc. (default: none)", valueName: "list"),
    transform: reading(
      { BatchFactors($0) }, expected: "layers with whole numbers, as in conv5:4,fc:8; or none"))
  var batchFactors: BatchFactors?

  @Option(
    help: ArgumentHelp(
      "How a step gets its minibatch: in turn from a shuffle of the training set (cyclic), or drawn "
        + "for it alone (random). (default: \(usual.batching.rawValue))", valueName: "mode"))
  var batching: Batching?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Cut a layer's minibatches from this many training samples, drawn anew each time. "
        + "(default: all)", valueName: "n"))
  var phaseSamples: Int?

  @Option(
    help: ArgumentHelp(
      "Change the training images anew for each layer: move each by up to N pixels either way "
        + "(shift:N), see half of them in a mirror (flip), or both (shift:N,flip). (default: none)",
      valueName: "changes"),
    transform: reading(
      { Augmentation($0) }, expected: "'shift:N', 'flip', both with a comma, or 'none'"))
  var augment: Augmentation?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Weights of a neuron, one after the other, that share a minibatch; from the second on a step "
        + "evaluates two losses, not three. (default: \(usual.hold))", valueName: "k"))
  var hold: Int?

  @Option(
    help: ArgumentHelp(
      "What changes are drawn from, for a layer's deviation s: N(0, s) (gaussian), (-2 s, 2 s) "
        + "(uniform), or one of -s, 0, s (template). (default: \(usual.proposal.rawValue))",
      valueName: "distribution"))
  var proposal: ProposalDistribution?

  @Option(
    help: ArgumentHelp(
      "What one step changes: a weight, all of a layer, or all of the network, these two by a tenth "
        + "of the deviation. (default: \(usual.granularity.rawValue))", valueName: "what"))
  var granularity: Granularity?

  @Option(
    help: ArgumentHelp(
      "The order in a layer: output by output, or input by input. "
        + "(default: \(usual.order.rawValue))", valueName: "by"))
  var order: WeightOrder?

  @Option(
    help: ArgumentHelp(
      "The order of the layers: from the labels to the input (backward), or forward. "
        + "(default: \(usual.layers.rawValue))", valueName: "order"))
  var layers: LayerOrder?

  @Option(
    help: ArgumentHelp(
      "What sees a layer as it was when it was begun: nothing (none), every weight (layer), or every "
        + "neuron, but for its own changes (neuron). (default: \(usual.parallel.rawValue))",
      valueName: "mode"))
  var parallel: ParallelMode?

  @Option(
    help: ArgumentHelp(
      "Which candidate a step takes: the best of three, the first that improves, or the vertex of the "
        + "parabola through the three losses. (default: \(usual.selection.rawValue))",
      valueName: "rule"))
  var selection: SelectionRule?

  @Option(
    help: ArgumentHelp(
      "What candidates are compared by: the cross entropy of the softmax, the squared distance of the "
        + "logits from one-hot vectors, the share of wrong answers (zero-one), or the multi-class "
        + "hinge. (default: \(usual.loss.rawValue))", valueName: "loss"))
  var loss: Loss?

  @Option(
    help: ArgumentHelp(
      "The values that weights may have: all (real), -s and s (binary), -s, 0 and s (ternary), or "
        + "multiples of s from -127 to 127 (int8), s being fixed for each layer. "
        + "(default: \(usual.weights.rawValue))", valueName: "set"))
  var weights: WeightSet?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seed of all randomness. (default: chosen and printed)", valueName: "n"))
  var seed: UInt64?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Factor on the deviation of all proposals. (default: \(usual.sigmaScale))", valueName: "x"))
  var sigmaScale: Double?

  @Option(
    help: ArgumentHelp(
      "How the deviation falls over the cycles: linear, or none. "
        + "(default: \(usual.anneal.rawValue))", valueName: "how"))
  var anneal: Annealing?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The last cycle's deviation as a fraction of the first's. (default: \(usual.annealTo))",
      valueName: "x"))
  var annealTo: Double?

  @Option(
    help: ArgumentHelp(
      "Whether a layer's deviation follows its steps: not at all (none), or it shrinks where a cycle "
        + "has mostly kept the current weights (success). (default: \(usual.adapt.rawValue))",
      valueName: "how"))
  var adapt: Adaptation?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Fraction by which a parameter shrinks at each visit. (default: \(usual.weightDecay))",
      valueName: "x"))
  var weightDecay: Double?

  @Option(
    help: ArgumentHelp(
      "Arithmetic of the full convolutions: f32, or bf16, which is faster and coarser, where the "
        + "processor has it. (default: \(Precision.f32.rawValue))", valueName: "type"))
  var precision: Precision?

  func validate() throws {
    if anneal == Annealing.none, annealTo != nil {
      throw ValidationError("--anneal none leaves nothing for --anneal-to to say; give one of them")
    }
  }

  /// `options` with what was asked for in it.
  func applied(to options: SearchOptions) -> SearchOptions {
    var options = options
    options.cycles = cycles ?? options.cycles
    options.batchSize = batchSize ?? options.batchSize
    options.batchFactors = batchFactors ?? options.batchFactors
    options.batching = batching ?? options.batching
    options.phaseSamples = phaseSamples ?? options.phaseSamples
    options.augment = augment ?? options.augment
    options.hold = hold ?? options.hold
    options.proposal = proposal ?? options.proposal
    options.granularity = granularity ?? options.granularity
    options.order = order ?? options.order
    options.layers = layers ?? options.layers
    options.parallel = parallel ?? options.parallel
    options.selection = selection ?? options.selection
    options.loss = loss ?? options.loss
    options.weights = weights ?? options.weights
    options.adapt = adapt ?? options.adapt
    options.anneal = anneal ?? options.anneal
    options.sigmaScale = sigmaScale ?? options.sigmaScale
    options.annealTo = annealTo ?? options.annealTo
    options.weightDecay = weightDecay ?? options.weightDecay
    return options
  }
}
