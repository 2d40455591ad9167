import RSOCheckpoints
import RSONetworks
import RSORuns
import RSOSearch

/// A layer of a checkpoint, and the likely problems in it.
struct LayerRow {
  let layer: LayerStatistics
  let marks: [HealthMark]

  static func all(_ layers: [LayerStatistics], marks: [HealthMark]) -> [LayerRow] {
    layers.map { layer in LayerRow(layer: layer, marks: marks.filter { $0.object == layer.name }) }
  }

  // MARK: Columns

  /// All columns; tables show them in two parts.
  static var columns: [Column<LayerRow>] {
    [name] + weights + search + [HealthMark.column(\LayerRow.marks)]
  }

  /// Name, weights and problems.
  static var weightTable: [Column<LayerRow>] {
    [name] + weights + [HealthMark.column(\LayerRow.marks)]
  }

  /// Name and search.
  static var searchTable: [Column<LayerRow>] { [name] + search }

  private static var name: Column<LayerRow> { Column("layer", "layer", align: .left, \.layer.name) }

  private static var weights: [Column<LayerRow>] {
    [
      Column("shape", "weights", align: .left, \.layer.principal.shape) { row in
        let tensor = row.layer.principal
        return (tensor.kind == .weight ? "" : "\(tensor.kind.rawValue) ") + shapeText(tensor.shape)
      },
      Column("parameters", "parameters", as: .grouped, \.layer.parameterCount),
    ] + TensorStatistics.columns.map { $0.of { $0.layer.principal.statistics } }
      + [Column("tensors", in: [.json]) { ReportValue.object($0.tensors) }]
  }

  private static var search: [Column<LayerRow>] {
    [
      Column("initial_deviation", "initial deviation", as: .value, \.layer.firstDeviation),
      Column("deviation", "deviation", as: .value, \.layer.deviation),
    ] + shares("last_cycle", "last ", \.layer.lastCycle)
      + shares("all_cycles", "all ") { $0.layer.allCycles } + [
        Column("relative_change", "change", as: .value, \.layer.principal.change?.relativeNorm),
        Column("cosine", "cosine", as: .value, \.layer.principal.change?.cosine),
      ]
  }

  /// Steps by their outcome: numbers for programs, shares of all steps for people.
  private static func shares(
    _ key: String, _ title: String, _ tally: @escaping (LayerRow) -> StepTally?
  ) -> [Column<LayerRow>] {
    let outcomes: [(String, String, (StepTally) -> Int)] = [
      ("kept", "\(title)kept", \.kept), ("plus", "plus", \.plus), ("minus", "minus", \.minus),
    ]
    return outcomes.map { name, title, count in
      Column("\(key).\(name)", title, { tally($0).map(count) }) { row in
        guard let tally = tally(row), tally.steps > 0 else { return "-" }
        return Numbers.percent(Double(count(tally)) / Double(tally.steps))
      }
    }
  }

  /// All tensors of the layer by their kind.
  private var tensors: [String: ReportValue] {
    Dictionary(
      uniqueKeysWithValues: layer.tensors.map { tensor in
        var members = Report([tensor.statistics], columns: TensorStatistics.columns)
          .members(of: tensor.statistics)
        members["shape"] = tensor.shape.reportValue
        members["count"] = tensor.statistics.count.reportValue
        members["relative_change"] = (tensor.change?.relativeNorm).reportValue
        members["cosine"] = (tensor.change?.cosine).reportValue
        return (tensor.kind.rawValue, .object(members))
      })
  }
}
