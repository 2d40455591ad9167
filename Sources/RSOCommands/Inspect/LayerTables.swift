import RSOCheckpoints
import RSORuns
import RSOSearch

/// What `rso inspect` says of each layer: its weights, and how they were searched.
enum LayerTables {
  static func text(
    _ layers: [LayerStatistics], marks: [HealthMark], _ palette: Palette
  ) -> String {
    let marked = Set(marks.map(\.object))
    func isMarked(_ row: Int) -> Bool { row < layers.count && marked.contains(layers[row].name) }
    return palette.text(weights(layers, marks), isMarked: isMarked) + "\n\n"
      + palette.text(search(layers), isMarked: isMarked)
  }

  private static func weights(_ layers: [LayerStatistics], _ marks: [HealthMark]) -> Table {
    var table = Table(columns: [
      .left("layer"), .left("weights"), .right("parameters"), .right("mean"), .right("std"),
      .right("min"), .right("max"), .right("L2 norm"), .right("zeros"), .left(""),
    ])
    for layer in layers {
      let tensor = layer.principal
      let numbers = tensor.statistics
      table.add([
        layer.name,
        (tensor.kind == .weight ? "" : "\(tensor.kind.rawValue) ") + shapeText(tensor.shape),
        Numbers.grouped(layer.parameterCount), Numbers.value(numbers.mean),
        Numbers.value(numbers.standardDeviation), Numbers.value(numbers.minimum),
        Numbers.value(numbers.maximum), Numbers.value(numbers.norm),
        Numbers.percent(numbers.shareOfZeros),
        marks.filter { $0.object == layer.name }.map { "! \($0.brief)" }.joined(separator: ", "),
      ])
    }
    let all = layers.reduce(0) { $0 + $1.parameterCount }
    table.add(["all", "", Numbers.grouped(all)] + Array(repeating: "", count: 7))
    return table
  }

  private static func search(_ layers: [LayerStatistics]) -> Table {
    var table = Table(columns: [
      .left("layer"), .right("first sigma"), .right("sigma"), .right("last kept"), .right("plus"),
      .right("minus"), .right("all kept"), .right("plus"), .right("minus"), .right("change"),
      .right("cosine"),
    ])
    for layer in layers {
      table.add(
        [
          layer.name, Numbers.value(layer.firstDeviation), Numbers.value(layer.deviation),
        ] + shares(layer.lastCycle) + shares(layer.allCycles) + [
          layer.principal.change.map { Numbers.value($0.relativeNorm) } ?? "-",
          layer.principal.change.map { Numbers.value($0.cosine) } ?? "-",
        ])
    }
    return table
  }

  private static func shares(_ tally: StepTally?) -> [String] {
    guard let tally, tally.steps > 0 else { return ["-", "-", "-"] }
    return [tally.kept, tally.plus, tally.minus].map {
      Numbers.percent(Double($0) / Double(tally.steps))
    }
  }
}

/// What `rso inspect` says of each tensor of a file that is no checkpoint.
enum TensorTable {
  static func text(_ tensors: [FoundTensor], marks: [HealthMark], _ palette: Palette) -> String {
    var table = Table(columns: [
      .left("tensor"), .left("shape"), .left("type"), .right("elements"), .right("mean"),
      .right("std"), .right("min"), .right("max"), .right("L2 norm"), .right("zeros"), .left(""),
    ])
    for tensor in tensors {
      let numbers = TensorStatistics(tensor.values)
      table.add([
        tensor.name, shapeText(tensor.shape), tensor.elementType, Numbers.grouped(numbers.count),
        Numbers.value(numbers.mean), Numbers.value(numbers.standardDeviation),
        Numbers.value(numbers.minimum), Numbers.value(numbers.maximum),
        Numbers.value(numbers.norm), Numbers.percent(numbers.shareOfZeros),
        marks.filter { $0.object == tensor.name }.map { "! \($0.brief)" }.joined(separator: ", "),
      ])
    }
    let marked = Set(marks.map(\.object))
    return palette.text(table) { marked.contains(tensors[$0].name) }
  }
}
