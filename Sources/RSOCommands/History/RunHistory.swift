import RSOCheckpoints
import RSONetworks
import RSOSearch

/// The cycles of a run, and what they are called.
struct RunHistory {
  /// As the user calls it.
  let name: String
  /// The sweep that it belongs to, and the cell there.
  let place: SweepPlace?
  let network: String
  let seed: UInt64
  /// Which the losses of the cycles are.
  let loss: Loss
  let cycles: [CycleRecord]
  let layers: [String]

  /// A cell of a sweep.
  struct SweepPlace: Equatable {
    var sweep: String
    var cell: String
  }

  init(name: String, place: SweepPlace? = nil, _ checkpoint: Checkpoint) throws {
    self.name = name
    self.place = place
    network = checkpoint.plan.architecture.name
    seed = checkpoint.plan.seed
    loss = checkpoint.plan.options.loss
    cycles = checkpoint.history
    layers = try StageGraph(checkpoint.plan.architecture).layout.layers.map(\.name)
  }

  /// Weight updates, kept weights among them, up to the end of each cycle.
  var updates: [Int] {
    var sum = 0
    return cycles.map { record in
      sum += record.tallies.total.steps
      return sum
    }
  }

  static func csv(_ histories: [RunHistory]) -> String {
    var csv = CSVText([
      "run", "cycle", "updates", "training_loss", "test_loss", "test_accuracy",
      "best_test_accuracy", "evaluations", "seconds", "kept", "plus", "minus",
    ])
    for history in histories {
      var best = 0.0
      for (record, updates) in zip(history.cycles, history.updates) {
        best = max(best, record.testAccuracy)
        let tally = record.tallies.total
        csv.add([
          history.name, "\(record.cycle)", "\(updates)", csvNumber(record.trainingLoss),
          csvNumber(record.testLoss), csvNumber(record.testAccuracy), csvNumber(best),
          "\(record.evaluations)", csvNumber(record.seconds), "\(tally.kept)", "\(tally.plus)",
          "\(tally.minus)",
        ])
      }
    }
    return csv.text
  }

  var json: HistoryAnswer.Run {
    HistoryAnswer.Run(
      run: name, network: network, seed: seed, lossFunction: loss.rawValue, layers: layers,
      cycles: zip(cycles, updates).map { record, updates in
        HistoryAnswer.Cycle(updates: updates, record: InspectionAnswer.Cycle(record))
      })
  }
}

/// What `rso history --json` answers.
struct HistoryAnswer: Encodable {
  struct Run: Encodable {
    var run: String
    var network: String
    var seed: UInt64
    var lossFunction: String
    var layers: [String]
    var cycles: [Cycle]
  }

  /// The keys of an inspected cycle, and `updates`.
  struct Cycle: Encodable {
    var updates: Int
    var record: InspectionAnswer.Cycle

    private enum CodingKeys: CodingKey {
      case updates
    }

    func encode(to encoder: any Encoder) throws {
      try record.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(updates, forKey: .updates)
    }
  }

  var runs: [Run]
}
