import RSONetworks
import RSONumerics
import Synchronization

/// A user's evaluator as the search sees it.
final class OwnEvaluator: RSONetworks.Evaluator {
  let architecture: RSONetworks.Architecture
  let layout: ParameterLayout
  private(set) var parameters: [Float]
  var objective = RSONetworks.Objective(.program)
  private let own: (any Evaluator)?
  private let failure: Failure
  /// The samples of the last minibatch, and the same as numbers of cases.
  private var last: (samples: [Int32], cases: [Int]) = ([], [])

  /// - Parameter own: Nil if the losses are asked for.
  init(
    _ own: (any Evaluator)?, architecture: RSONetworks.Architecture, parameters: [Float],
    failure: Failure
  ) throws {
    self.own = own
    self.architecture = architecture
    self.parameters = parameters
    self.failure = failure
    layout = try architecture.layout()
  }

  func changeImages(_ change: (Samples) -> Samples) {}
  func beginLayer(_ layer: Int, slots: Int) {}
  func beginNeuron(output: Int) {}

  func losses(
    of address: WeightAddress, values: [Float], on minibatch: Minibatch
  ) -> [Double] {
    let offset = layout.offset(of: address)
    let present = parameters[offset]
    defer { parameters[offset] = present }
    let cases = cases(of: minibatch)
    return values.map { value in
      parameters[offset] = value
      return loss(of: parameters, on: cases)
    }
  }

  func losses(ofNetworks candidates: [[Float]], on minibatch: Minibatch) -> [Double] {
    let cases = cases(of: minibatch)
    return candidates.map { loss(of: $0, on: cases) }
  }

  func commit(_ perturbation: Perturbation) {
    parameters[layout.offset(of: perturbation.address)] = perturbation.value
  }

  func replaceParameters(with parameters: [Float]) { self.parameters = parameters }

  /// The candidates of a question as whole vectors of parameters.
  func networks(_ candidates: [(WeightAddress, Float)]) -> [[Float]] {
    candidates.map { address, value in
      var network = parameters
      network[layout.offset(of: address)] = value
      return network
    }
  }

  func cases(of minibatch: Minibatch) -> [Int] {
    if minibatch.samples != last.samples {
      last = (minibatch.samples, minibatch.samples.map { Int($0) })
    }
    return last.cases
  }

  private func loss(of parameters: [Float], on cases: [Int]) -> Double {
    guard let own, failure.failure == nil else { return .nan }
    do { return try own.loss(of: parameters, on: cases) } catch {
      failure.set(error)
      return .nan
    }
  }

  func trainingSetStatistics() -> NormalizationStatistics {
    let none = [[Float]](repeating: [], count: layout.layers.count)
    return NormalizationStatistics(mean: none, variance: none)
  }

  func predictions(for samples: Samples, statistics: NormalizationStatistics) -> Predictions {
    preconditionFailure("a search without data measures nothing")
  }
}

/// The error of a user's evaluator, which the search looks for after each comparison.
final class Failure: ObjectiveProgram {
  private let error = Mutex<(any Error)?>(nil)

  var failure: (any Error)? { error.withLock { $0 } }

  func set(_ error: any Error) { self.error.withLock { $0 = error } }

  func values(
    of candidates: [UnsafeBufferPointer<Float>], on samples: ObjectiveSamples
  ) -> [Double] {
    [Double](repeating: .nan, count: candidates.count)
  }
}
