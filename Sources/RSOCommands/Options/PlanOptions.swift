import ArgumentParser
import Foundation
import RSONetworks
import RSOSearch

extension Batching: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}

/// The options that decide what a run computes. What is not given is nil, so that `rso resume` can
/// tell what was asked for from what goes without saying.
struct PlanOptions: ParsableArguments {
  private static let usual = SearchOptions()

  @OptionGroup var network: NetworkOptions

  @Option(
    help: ArgumentHelp(
      "Passes over all parameters. (default: \(usual.cycles))", valueName: "n"))
  var cycles: Int?

  @Option(
    help: ArgumentHelp(
      "Training samples in a minibatch. (default: \(usual.batchSize))", valueName: "n"))
  var batchSize: Int?

  @Option(
    help: ArgumentHelp(
      "How a step gets its minibatch: in turn from a shuffle of the training set (cyclic), or drawn "
        + "for it alone (random). (default: \(usual.batching.rawValue))", valueName: "mode"))
  var batching: Batching?

  @Option(
    help: ArgumentHelp(
      "Cut a layer's minibatches from this many training samples, drawn anew each time. "
        + "(default: all)", valueName: "n"))
  var phaseSamples: Int?

  @Option(
    help: ArgumentHelp("Seed of all randomness. (default: chosen and printed)", valueName: "n"))
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "Factor on the deviation of all proposals. (default: \(usual.sigmaScale))", valueName: "x"))
  var sigmaScale: Double?

  @Option(
    help: ArgumentHelp(
      "The last cycle's deviation as a fraction of the first's. (default: \(usual.annealTo))",
      valueName: "x"))
  var annealTo: Double?

  @Option(
    help: ArgumentHelp(
      "Fraction by which a parameter shrinks at each visit. (default: \(usual.weightDecay))",
      valueName: "x"))
  var weightDecay: Double?

  @Option(
    help: ArgumentHelp(
      "Arithmetic of the full convolutions: f32, or bf16, which is faster and coarser, where the "
        + "processor has it. (default: \(Precision.f32.rawValue))", valueName: "type"))
  var precision: Precision?

  /// `options` with what was asked for in it.
  func applied(to options: SearchOptions) -> SearchOptions {
    var options = options
    options.cycles = cycles ?? options.cycles
    options.batchSize = batchSize ?? options.batchSize
    options.batching = batching ?? options.batching
    options.phaseSamples = phaseSamples ?? options.phaseSamples
    options.sigmaScale = sigmaScale ?? options.sigmaScale
    options.annealTo = annealTo ?? options.annealTo
    options.weightDecay = weightDecay ?? options.weightDecay
    return options
  }
}
