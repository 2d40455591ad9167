import RSOTensorFiles
import TensorAnalysis

/// The tensors of one type, or of one layer, together.
struct TensorTotals {
  /// `float32`, or `model.layers.0.mlp`.
  let name: String
  var tensors = 0
  var elements = 0
  var bytes = 0
  var numbers = NumberStatistics()
  var types: [String] = []
  /// Entries without figures.
  var unexamined = 0

  private mutating func add(_ description: TensorDescription) {
    let entry = description.entry
    tensors += 1
    elements = elements.addingReportingOverflow(entry.count ?? 0).partialValue
    bytes = bytes.addingReportingOverflow(entry.byteCount ?? 0).partialValue
    if !types.contains(entry.type.name) { types.append(entry.type.name) }
    if let found = description.numbers { numbers.add(found) } else { unexamined += 1 }
  }

  /// Groups descriptions by a key, in the order of their first one.
  private static func groups(
    _ descriptions: [TensorDescription], by key: (TensorEntry) -> String
  ) -> [TensorTotals] {
    var places: [String: Int] = [:]
    var totals: [TensorTotals] = []
    for description in descriptions {
      let name = key(description.entry)
      let place = places[name] ?? totals.count
      if place == totals.count { totals.append(TensorTotals(name: name)) }
      places[name] = place
      totals[place].add(description)
    }
    return totals
  }

  static func byType(_ descriptions: [TensorDescription]) -> [TensorTotals] {
    groups(descriptions) { $0.type.name }
  }

  /// A layer is a name without its last part.
  static func byLayer(_ descriptions: [TensorDescription]) -> [TensorTotals] {
    groups(descriptions) { NamePairing.layer(of: $0.name) }
  }

  private static var shared: [Column<TensorTotals>] {
    [
      Column("tensors", "tensors", as: .grouped, \.tensors),
      Column("elements", "elements", as: .grouped, \.elements),
      Column("bytes", "bytes", as: .grouped, \.bytes),
    ]
  }

  static var typeColumns: [Column<TensorTotals>] {
    [Column("type", "type", align: .left, \.name)] + shared
  }

  static var layerColumns: [Column<TensorTotals>] {
    [Column("layer", "layer", align: .left, \.name)] + shared + [
      Column("types", "types", align: .left, \.types),
      Column("norm", "L2 norm", as: .value) { $0.numbers.count == 0 ? nil : $0.numbers.norm },
      Column("zeros", "zeros", \.numbers.zeros) { Numbers.percent($0.numbers.shareOfZeros) },
      Column("not_finite", \.numbers.notFinite),
      Column("not_finite", "not finite", as: .grouped, in: [.tableIfKnown]) {
        $0.numbers.notFinite == 0 ? nil : $0.numbers.notFinite
      },
      Column("not_examined", \.unexamined),
    ]
  }
}
