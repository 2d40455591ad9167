import RSONetworks
import Synchronization

/// Searches neurons of a layer in parallel. Each neuron sees the layer as it was at the layer's
/// beginning. In mode `neuron` it also sees the changes of its own earlier steps. So the result
/// does not depend on which neurons are searched together. *Paper:* § 4.6.
extension Search {
  /// Searches as many neurons as there are evaluators in all groups, or all that the layer has left.
  ///
  /// - Returns: Their visits in the order of the search; nil if they were abandoned.
  mutating func searchWave(
    _ shouldStop: () -> Bool, _ observe: (SearchStep) -> Void
  ) throws -> [NeuronVisit]? {
    let first = state.cursor
    let count = waveSize(from: first)
    let isNew = batches == nil
    let batches = takeBatches()
    let own = groups.share(of: count)
    let merged = state.parameters
    let beginning = state.parametersAtLayerBeginning(order.layout)
    let neurons = own.map { index in
      var cursor = first
      cursor.neuron += index
      return ParallelNeuron(
        context: context, cursor: cursor, merged: merged, beginning: beginning, batches: batches)
    }
    // All evaluators begin the layer, even those without a neuron in this wave.
    if isNew { changeImages() }
    guard team.members.count > 1 else {
      if isNew { evaluator.beginLayer(first.layer, slots: batches.slots) }
      return try exchanged(Result { try visits(of: neurons, shouldStop, observe) })
    }
    if isNew {
      team.perform(
        team.members.count, attend: {},
        work: { _, evaluator in evaluator.beginLayer(first.layer, slots: batches.slots) })
    }
    let watch = WaveWatch(neurons.count)
    team.perform(
      neurons.count,
      attend: {
        if shouldStop() { watch.stop() }
        for step in watch.takeSteps() { observe(step) }
      },
      work: { index, evaluator in
        watch.finish(
          index,
          Result {
            try neurons[index].search(
              evaluator, shouldStop: { watch.isStopped }, observe: { watch.add($0) })
          })
      })
    return try exchanged(Result { try watch.visits() })
  }

  /// Searches neurons one after the other on this thread, from which ranks of a group can exchange messages.
  private func visits(
    of neurons: [ParallelNeuron], _ shouldStop: () -> Bool, _ observe: (SearchStep) -> Void
  ) throws -> [NeuronVisit]? {
    var visits: [NeuronVisit] = []
    for neuron in neurons {
      guard let visit = try neuron.search(evaluator, shouldStop: shouldStop, observe: observe)
      else { return nil }
      visits.append(visit)
    }
    return visits
  }

  /// Returns the visits of all groups, in the order of the search; nil if any group has abandoned its own.
  ///
  /// *Throws:* the error of this group; `SearchError.failedElsewhere` for that of another one.
  private func exchanged(
    _ own: Result<[NeuronVisit]?, any Error>
  ) throws -> [NeuronVisit]? {
    guard groups.count > 1 else { return try own.get() }
    let messages = groups.bytes(of: VisitMessage(own).bytes).map(VisitMessage.init(bytes:))
    _ = try own.get()
    var visits: [NeuronVisit] = []
    var isAbandoned = false
    for (group, message) in messages.enumerated() {
      switch message {
      case .visits(let found): visits += found
      case .abandoned: isAbandoned = true
      case .failed(let reason): throw SearchError.failedElsewhere(group: group, reason: reason)
      }
    }
    return isAbandoned ? nil : visits
  }

  /// The number of neurons in the next wave. In mode `neuron` they belong to different outputs.
  private func waveSize(from first: SearchCursor) -> Int {
    let left = order.unitCount(layer: first.layer) - first.neuron
    let most = min(groups.count * team.members.count, left)
    guard plan.options.parallel == .neuron else { return most }
    var outputs: Set<Int> = []
    var cursor = first
    while outputs.count < most,
      outputs.insert(order.unit(at: cursor).output).inserted
    {
      cursor.neuron += 1
    }
    return outputs.count
  }
}

/// One neuron of a wave.
private struct ParallelNeuron: Sendable {
  let context: SearchContext
  let cursor: SearchCursor
  /// The parameters with all changes so far, and as they were at the layer's beginning.
  let merged: [Float]
  let beginning: [Float]
  let batches: LayerBatches

  /// Afterwards the evaluator has the parameters of the layer's beginning again.
  func search(
    _ evaluator: any Evaluator, shouldStop: () -> Bool, observe: (SearchStep) -> Void
  ) throws -> NeuronVisit? {
    let unit = context.order.unit(at: cursor)
    let seesItself = context.options.parallel == .neuron
    evaluator.beginNeuron(output: unit.output)
    if seesItself { commit(merged, of: unit.output, to: evaluator) }
    var search = NeuronSearch(
      context: context, cursor: cursor, evaluator: evaluator, batches: batches, parameters: merged)
    defer { if seesItself { commit(beginning, of: unit.output, to: evaluator) } }
    return try search.run(shouldStop: shouldStop, observe: observe)
  }

  /// Sets the parameters of one output to those of `values`.
  private func commit(_ values: [Float], of output: Int, to evaluator: any Evaluator) {
    let layout = context.order.layout
    let layer = layout.layers[cursor.layer]
    let present = evaluator.parameters
    for tensor in layer.tensors {
      let perOutput = tensor.count / layer.outputs
      for index in 0..<perOutput {
        let address = WeightAddress(
          layer: cursor.layer, kind: tensor.kind, output: output, index: index)
        let offset = layout.offset(of: address)
        if present[offset] != values[offset] {
          evaluator.commit(Perturbation(address: address, value: values[offset]))
        }
      }
    }
  }
}

/// The messages of a wave's threads to the thread that waits for them.
private final class WaveWatch: Sendable {
  private struct Found {
    var steps: [SearchStep] = []
    var results: [Result<NeuronVisit?, any Error>?]
  }

  private let found: Mutex<Found>
  private let stopped = Atomic<Bool>(false)

  init(_ count: Int) { found = Mutex(Found(results: Array(repeating: nil, count: count))) }

  var isStopped: Bool { stopped.load(ordering: .relaxed) }
  func stop() { stopped.store(true, ordering: .relaxed) }

  func add(_ step: SearchStep) { found.withLock { $0.steps.append(step) } }

  func finish(_ index: Int, _ result: Result<NeuronVisit?, any Error>) {
    if case .failure = result { stop() }
    found.withLock { $0.results[index] = result }
  }

  /// The steps since the last call.
  func takeSteps() -> [SearchStep] {
    found.withLock { found in
      defer { found.steps = [] }
      return found.steps
    }
  }

  /// All visits; nil if any was abandoned. *Throws:* the error of the first neuron that failed.
  func visits() throws -> [NeuronVisit]? {
    let results = found.withLock { $0.results }
    for case .failure(let error)? in results { throw error }
    let visits = try results.compactMap { try $0?.get() }
    return visits.count == results.count ? visits : nil
  }
}
