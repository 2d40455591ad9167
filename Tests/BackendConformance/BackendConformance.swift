import RSONetworks
import RSONumerics
import TestSupport

/// Checks that a backend agrees with the reference evaluator on every network of the table, and
/// gives the same bits where the contract of `Evaluator` says so.
///
/// Each check returns the disagreements as sentences; none if the backend conforms.
/// `ConformanceTests` runs all checks on every backend of `Backends.standard`.
package struct BackendConformance {
  package let backend: any Backend
  package let path: NumericPath

  package init(_ backend: any Backend, path: NumericPath) {
    self.backend = backend
    self.path = path
  }

  /// How a search gives minibatches and images to an evaluator.
  package enum Mode: String, Sendable, CaseIterable {
    /// Minibatches with slots, which come again.
    case cyclic
    /// Each minibatch is drawn for one step.
    case drawn
    /// Minibatches with slots, cut from changed images.
    case changedImages

    package static func tried(on network: String) -> [Mode] {
      NetworkTable.small.contains(network) ? allCases : [.cyclic, .drawn]
    }
  }

  /// One row of the table of networks, losses and search modes.
  package struct Case: Sendable, Hashable, CustomStringConvertible {
    package var network: String
    package var task: LearningTask
    package var loss: Loss
    package var mode: Mode

    package init(
      network: String, task: LearningTask = .classification, loss: Loss, mode: Mode
    ) {
      self.network = network
      self.task = task
      self.loss = loss
      self.mode = mode
    }

    package var description: String {
      "\(network), \(task.rawValue), \(loss.rawValue), \(mode.rawValue)"
    }

    /// Every network on minibatches of both kinds with the default loss, and the small ones on changed
    /// images (images enter all networks in one way). The smallest networks also have the other tasks and
    /// losses, in cyclic mode alone (a loss depends only on the outputs), and each task's default loss on
    /// drawn minibatches.
    package static let all: [Case] = NetworkTable.names.flatMap { network in
      let modes = Mode.tried(on: network).map {
        Case(network: network, loss: .crossEntropy, mode: $0)
      }
      return NetworkTable.smallest.contains(network)
        ? modes + LearningTask.allCases.flatMap { others(network, $0) } : modes
    }

    private static func others(_ network: String, _ task: LearningTask) -> [Case] {
      let cyclic = Loss.all(for: task).filter { $0 != .crossEntropy }.map {
        Case(network: network, task: task, loss: $0, mode: .cyclic)
      }
      let drawn = Case(network: network, task: task, loss: .standard(for: task), mode: .drawn)
      return task == .classification ? cyclic : cyclic + [drawn]
    }
  }

  /// True if a row can be compared on this path.
  private func isComparable(_ trial: Trial, _ loss: Loss) -> Bool {
    path.toleratesJumps || !(trial.hasJumps || loss.isFlat)
  }

  /// Every step's losses are the reference evaluator's.
  package func steps(_ row: Case) throws -> [String] {
    try Self.steps(row, on: [self])[0]
  }

  /// `steps` on several backends or paths, beside one reference evaluator: it takes nearly all of the
  /// time. The search goes where the reference's losses lead it.
  package static func steps(
    _ row: Case, on conformances: [BackendConformance]
  ) throws -> [[String]] {
    let trial = try Trial(network: row.network, task: row.task, cyclic: row.mode != .drawn)
    let compared = conformances.indices.filter { conformances[$0].isComparable(trial, row.loss) }
    var problems = conformances.map { _ in [String]() }
    guard !compared.isEmpty else { return problems }
    let evaluators: [any Evaluator] =
      try [trial.reference()]
      + compared.map {
        try trial.evaluator(of: conformances[$0].backend, path: conformances[$0].path)
      }
    for evaluator in evaluators {
      evaluator.objective = Trial.objective(row.loss)
      if row.mode == .changedImages {
        evaluator.changeImages { $0.with(pixels: $0.pixels.map { 255 - $0 }) }
      }
    }
    var seen = conformances.map { _ in Set<Double>() }
    var count = 0
    trial.run(evaluators) { losses, address in
      count += losses[0].all.count
      for (place, index) in compared.enumerated() {
        let found = losses[place + 1].all
        seen[index].formUnion(found)
        for (own, other) in zip(found, losses[0].all)
        where !conformances[index].agrees(own, other) {
          problems[index].append("\(address): loss \(own), reference \(other)")
        }
      }
    }
    // A rounding that changes an answer, or the order of two outputs, changes such a loss at once.
    if row.loss.isOfWholeMinibatch {
      return problems.map { $0.count * 10 <= count ? [] : $0 }
    }
    for index in compared where seen[index].count < 2 {
      problems[index].append("all losses are equal")
    }
    return problems
  }

  /// Minibatches cut from changed images change losses, but not the training set's statistics.
  package func changedImages(_ network: String) throws -> [String] {
    let trial = try Trial(network: network)
    let (changed, plain) = (
      try trial.evaluator(of: backend, path: path), try trial.evaluator(of: backend, path: path)
    )
    changed.changeImages { $0.with(pixels: $0.pixels.map { 255 - $0 }) }
    var isAnother = false
    trial.run([changed, plain]) { losses, _ in if losses[0] != losses[1] { isAnother = true } }
    for evaluator in [changed, plain] { evaluator.replaceParameters(with: trial.parameters) }
    return (isAnother ? [] : ["changed images change no loss"])
      + (changed.trainingSetStatistics() == plain.trainingSetStatistics()
        ? [] : ["changed images change the training set's statistics"])
  }

  /// Any number of threads gives the same bits: losses, statistics, predictions.
  package func threads(_ network: String) throws -> [String] {
    let trial = try Trial(network: network)
    let evaluators = try [1, 3].map { try trial.evaluator(of: backend, path: path, threads: $0) }
    var problems: [String] = []
    trial.run(evaluators) { losses, address in
      if losses[0] != losses[1] { problems.append("\(address): other bits on 3 threads") }
    }
    let statistics = evaluators.map { $0.trainingSetStatistics() }
    if statistics[0] != statistics[1] { problems.append("other statistics on 3 threads") }
    let logits = evaluators.map {
      $0.predictions(for: trial.samples, statistics: statistics[0]).logits
    }
    if logits[0] != logits[1] { problems.append("other predictions on 3 threads") }
    return problems
  }

  /// At the beginning of a neuron a fresh evaluator gives the same bits: a checkpoint may stand there.
  package func neuronBoundaries(_ network: String) throws -> [String] {
    let trial = try Trial(network: network)
    let whole = try trial.evaluator(of: backend, path: path)
    var problems: [String] = []
    for layer in trial.layers {
      whole.beginLayer(layer, slots: trial.slots)
      for (place, unit) in trial.units(of: layer).enumerated() {
        let fresh = try trial.evaluator(of: backend, path: path, parameters: whole.parameters)
        fresh.beginLayer(layer, slots: trial.slots)
        for evaluator in [whole, fresh] { evaluator.beginNeuron(output: unit.output) }
        for (step, address) in unit.addresses.enumerated() {
          let batch = trial.batch(place + step)
          let candidates = trial.candidates(address, from: whole, step: step)
          if whole.losses(of: candidates, on: batch) != fresh.losses(of: candidates, on: batch) {
            problems.append("\(address): a fresh evaluator gives other bits")
          }
          for evaluator in [whole, fresh] {
            evaluator.commit(Perturbation(address: address, value: candidates.plus))
          }
        }
      }
    }
    return problems
  }

  /// A candidate's loss does not depend on the other candidates.
  package func subsets(_ network: String) throws -> [String] {
    let trial = try Trial(network: network)
    let whole = try trial.evaluator(of: backend, path: path)
    let parts = try trial.evaluator(of: backend, path: path)
    var problems: [String] = []
    for layer in trial.layers {
      for evaluator in [whole, parts] { evaluator.beginLayer(layer, slots: trial.slots) }
      for unit in trial.units(of: layer) {
        for evaluator in [whole, parts] { evaluator.beginNeuron(output: unit.output) }
        for (step, address) in unit.addresses.enumerated() {
          let all = trial.candidates(address, from: whole, step: step)
          let batch = trial.batch(step)
          let losses = whole.losses(of: all, on: batch)
          let two = parts.losses(of: address, values: [all.plus, all.minus], on: batch)
          let one = parts.losses(of: address, values: [all.current], on: batch)
          if one + two != losses.all {
            problems.append("\(address): a loss depends on the other candidates")
          }
          for evaluator in [whole, parts] {
            evaluator.commit(Perturbation(address: address, value: all.minus))
          }
        }
      }
    }
    return problems
  }

  /// Losses of whole networks are the reference evaluator's, on any number of threads; new parameters
  /// are what a fresh evaluator begins with.
  package func networks(
    _ network: String, task: LearningTask = .classification
  ) throws -> [String] {
    let trial = try Trial(network: network, task: task)
    let reference = try trial.reference()
    let pair = try [1, 3].map { try trial.evaluator(of: backend, path: path, threads: $0) }
    let all = [reference] + pair
    var problems: [String] = []
    let layers =
      trial.isLarge ? [trial.layout.layers.count - 2] : Array(trial.layout.layers.indices)
    for layer in layers {
      for evaluator in all { evaluator.beginLayer(layer, slots: trial.slots) }
      let own = reference.parameters
      let candidates = [0, 0.125, -0.25].map { (delta: Float) in
        var other = own
        for layer in trial.layout.layers[layer...] {
          for (place, offset) in layer.range.enumerated() {
            other[offset] += place % 2 == 0 ? delta : -delta
          }
        }
        return other
      }
      let expected = reference.losses(ofNetworks: candidates, on: trial.batch(0))
      let found = pair.map { $0.losses(ofNetworks: candidates, on: trial.batch(0)) }
      if found[0] != found[1] { problems.append("layer \(layer): other bits on 3 threads") }
      for (own, other) in zip(found[0], expected) where !agrees(own, other) {
        problems.append("layer \(layer): loss \(own) of a network, reference \(other)")
      }
      if !pair.allSatisfy({ $0.parameters == own }) {
        problems.append("layer \(layer): candidates changed the parameters")
      }
      for evaluator in all { evaluator.replaceParameters(with: candidates[1]) }
      let fresh = try trial.evaluator(of: backend, path: path, parameters: candidates[1])
      fresh.beginLayer(layer, slots: trial.slots)
      let unit = trial.units(of: layer)[0]
      let step = trial.candidates(unit.addresses[0], from: fresh, step: 0)
      let losses = ([fresh] + pair).map { evaluator in
        evaluator.beginNeuron(output: unit.output)
        return evaluator.losses(of: step, on: trial.batch(1))
      }
      if losses[1] != losses[0] || losses[2] != losses[0] {
        problems.append("layer \(layer): new parameters give other bits than a fresh evaluator")
      }
    }
    return problems
  }

  /// The training set's statistics and predictions are the reference evaluator's. A logit differs by
  /// some hundred roundings, a variance by those of its squares.
  package func predictions(_ network: String) throws -> [String] {
    let trial = try Trial(network: network)
    let reference = try trial.reference()
    let own = try trial.evaluator(of: backend, path: path)
    let (expected, found) = (reference.trainingSetStatistics(), own.trainingSetStatistics())
    var problems: [String] = []
    func compare(_ what: String, _ own: [Float], _ other: [Float], _ tolerance: Float) {
      let scale = path.lossTolerance == 0 ? 0 : tolerance
      if own.count != other.count { problems.append("\(what): \(own.count), not \(other.count)") }
      for (own, other) in zip(own, other)
      where !(abs(own - other) <= scale * max(1, abs(other))) {
        problems.append("\(what): \(own), reference \(other)")
      }
    }
    for layer in trial.layout.layers.indices {
      compare("mean of layer \(layer)", found.mean[layer], expected.mean[layer], 1e-5)
      compare("variance of layer \(layer)", found.variance[layer], expected.variance[layer], 1e-4)
    }
    let logits = [own, reference].map {
      $0.predictions(for: trial.samples, statistics: expected)
    }
    if logits[0].classes != logits[1].classes { problems.append("another number of classes") }
    compare("logit", logits[0].logits, logits[1].logits, 1e-4)
    return problems
  }

  /// True if two losses agree within the path's tolerance. NaN agrees only with NaN.
  private func agrees(_ own: Double, _ other: Double) -> Bool {
    own.isNaN || other.isNaN
      ? own.isNaN && other.isNaN : abs(own - other) <= path.lossTolerance * max(1, other)
  }
}
