import RSONetworks
import RSOSearch

extension RunHistory {
  /// A row for each run: the figures of its last cycle, and of the cycle that the validation set chooses.
  package static func runs(_ histories: [RunHistory]) -> Report<RunHistory> {
    let losses = Set(histories.map(\.loss))
    let loss =
      losses.count == 1 && losses.first != .crossEntropy
      ? "\(histories[0].loss.rawValue) loss" : "loss"
    let table: Set<Rendering> = [.table]
    let known: Set<Rendering> = [.tableIfKnown]
    return Report(
      histories,
      columns: [
        Column("run", "run", align: .left, in: table, \.name),
        Column("seed", "seed", in: table, \.seed),
        Column("cycles", "cycles", in: table, \.cycles.count) {
          "\($0.cycles.count) of \($0.plan.options.cycles)"
        },
        Column("loss", loss, as: .loss, in: known) { $0.last?.trainingLoss },
        Column("validation_loss", "validation \(loss)", as: .loss, in: known) {
          $0.last?.validation?.loss
        },
        Column("validation_accuracy", "validation accuracy", as: .percent, in: known) {
          $0.last?.validation?.accuracy
        },
        Column("best", "best", align: .left, in: known, \.best?.cycle) { history in
          guard let best = history.best else { return "" }
          return "\(best.text) in cycle \(best.cycle)"
        },
        Column("test_loss", "test \(loss)", as: .loss, in: known) { $0.last?.test?.loss },
        Column("test_accuracy", "test accuracy", as: .percent, in: known) {
          $0.last?.test?.accuracy
        },
        Column("updates", "updates", as: .grouped, in: known) { $0.cycles.last?.updates },
        Column("seconds", "time", as: .duration, in: table) {
          $0.cycles.reduce(0) { $0 + $1.record.seconds }
        },
      ])
  }

  private var last: CycleRecord? { cycles.last?.record }

  /// The cycle that the validation set chooses; nil without one.
  private var best: (cycle: Int, text: String)? {
    let criterion = Criterion(plan.data, loss)
    guard isValidated, let best = cycles.map(\.record).best(by: criterion),
      let value = criterion.value(of: best)
    else { return nil }
    return (best.cycle, criterion.isShare ? Numbers.percent(value) : Numbers.loss(value))
  }
}
