import TensorAnalysis

/// The changes of the tensors of one layer together.
struct ChangedLayer {
  /// The tensors' name in the first file without their last part.
  let name: String
  var tensors = 0
  var changedTensors = 0
  var numbers = NumberComparison()

  /// The layers of all pairs with numbers, in the order of the first file.
  static func all(_ pairs: [FileDifference.Compared]) -> [ChangedLayer] {
    var places: [String: Int] = [:]
    var layers: [ChangedLayer] = []
    for pair in pairs {
      guard let numbers = pair.result.numbers else { continue }
      let name = NamePairing.layer(of: pair.result.first.name)
      let place = places[name] ?? layers.count
      if place == layers.count { layers.append(ChangedLayer(name: name)) }
      places[name] = place
      layers[place].tensors += 1
      layers[place].changedTensors += pair.result.isEqual ? 0 : 1
      layers[place].numbers.add(numbers)
    }
    return layers
  }

  static var columns: [Column<ChangedLayer>] {
    [
      Column("layer", "layer", align: .left, \.name),
      Column("tensors", \.tensors), Column("changed_tensors", \.changedTensors),
      Column("tensors", "tensors", align: .right, in: [.table], \.tensors) {
        "\($0.changedTensors) of \($0.tensors)"
      },
    ] + ChangeColumns.figures.map { $0.of(\.numbers) }
  }
}
