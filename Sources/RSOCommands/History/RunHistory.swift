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
  let plan: SearchPlan
  let cycles: [Cycle]
  /// Names of the layers, in the order of a record's deviations and tallies.
  let layers: [String]

  /// True for runs of one cell of a sweep, and for runs outside of sweeps whose plans differ only in their seeds.
  func isSameButForSeed(_ other: RunHistory) -> Bool {
    guard place == nil, other.place == nil else { return place == other.place }
    var plan = plan
    plan.seed = other.plan.seed
    return seed != other.seed && plan.isOfSameRun(as: other.plan, acceptsOtherPath: true)
  }

  /// True if the run has a validation set.
  var isValidated: Bool { cycles.contains { $0.record.validation != nil } }

  package init(name: String, place: SweepPlace? = nil, _ checkpoint: Checkpoint) throws {
    plan = checkpoint.plan
    self.name = name
    self.place = place
    network = plan.architecture.name
    seed = plan.seed
    loss = plan.options.loss
    layers = try plan.architecture.layout().layers.map(\.name)
    var updates = 0
    cycles = checkpoint.history.map { record in
      updates += record.tallies.total.steps
      return Cycle(run: name, record: record, updates: updates)
    }
  }
}

extension StepTally {
  /// The share of steps that changed their weight; 0 without steps.
  var shareChanged: Double { steps == 0 ? 0 : Double(plus + minus) / Double(steps) }
}
