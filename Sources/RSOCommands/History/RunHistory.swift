import RSOCheckpoints
import RSONetworks
import RSOSearch

/// The finished cycles of a run.
package struct RunHistory {
  /// A cell of a sweep.
  package struct SweepPlace: Equatable {
    var sweep: String
    var cell: String
  }

  /// A cycle, with sums over the run so far.
  package struct Cycle {
    var run: String
    var record: CycleRecord
    /// Steps of the search up to the end of the cycle, including those that kept their weight.
    var updates: Int
  }

  /// The run as the user names it.
  let name: String
  /// The place in a sweep; nil for a run outside a sweep.
  let place: SweepPlace?
  let network: String
  let seed: UInt64
  /// The loss that the cycles report.
  let loss: Loss
  let cycles: [Cycle]
  /// Names of the layers, in the order of a record's deviations and tallies.
  let layers: [String]

  /// True if the run has a validation set.
  var isValidated: Bool { cycles.contains { $0.record.validation != nil } }

  package init(name: String, place: SweepPlace? = nil, _ checkpoint: Checkpoint) throws {
    self.init(
      name: name, place: place, network: checkpoint.plan.architecture.name,
      seed: checkpoint.plan.seed, loss: checkpoint.plan.options.loss,
      layers: try StageGraph(checkpoint.plan.architecture).layout.layers.map(\.name),
      records: checkpoint.history)
  }

  init(
    name: String, place: SweepPlace? = nil, network: String, seed: UInt64, loss: Loss,
    layers: [String], records: [CycleRecord]
  ) {
    self.name = name
    self.place = place
    self.network = network
    self.seed = seed
    self.loss = loss
    self.layers = layers
    var updates = 0
    cycles = records.map { record in
      updates += record.tallies.total.steps
      return Cycle(run: name, record: record, updates: updates)
    }
  }
}

extension StepTally {
  /// The share of steps that changed their weight; 0 without steps.
  var shareChanged: Double { steps == 0 ? 0 : Double(plus + minus) / Double(steps) }
}
