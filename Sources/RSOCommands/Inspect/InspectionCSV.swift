import RSOCheckpoints
import RSORuns
import RSOSearch

/// What `rso inspect --csv` answers.
enum InspectionCSV {
  private static let numbers = ["mean", "std", "min", "max", "norm", "zeros", "not_finite"]

  private static func row(_ statistics: TensorStatistics) -> [String] {
    [
      statistics.mean, statistics.standardDeviation, statistics.minimum, statistics.maximum,
      statistics.norm,
    ].map(csvNumber) + ["\(statistics.zeros)", "\(statistics.notFinite)"]
  }

  /// A row a layer.
  static func text(_ layers: [LayerStatistics], marks: [HealthMark]) -> String {
    var csv = CSVText(
      ["layer", "shape", "parameters"] + numbers + [
        "first_sigma", "sigma", "last_kept", "last_plus", "last_minus", "kept", "plus", "minus",
        "relative_change", "cosine", "marks",
      ])
    for layer in layers {
      let tensor = layer.principal
      csv.add(
        [
          layer.name, tensor.shape.map(String.init).joined(separator: "x"),
          "\(layer.parameterCount)",
        ] + row(tensor.statistics)
          + [csvNumber(layer.firstDeviation), csvNumber(layer.deviation)]
          + row(layer.lastCycle) + row(layer.allCycles) + [
            csvNumber(tensor.change?.relativeNorm), csvNumber(tensor.change?.cosine),
            marks.filter { $0.object == layer.name }.map(\.code).joined(separator: " "),
          ])
    }
    return csv.text
  }

  private static func row(_ tally: StepTally?) -> [String] {
    guard let tally else { return ["", "", ""] }
    return [tally.kept, tally.plus, tally.minus].map(String.init)
  }

  /// A row a tensor.
  static func text(_ tensors: [FoundTensor], marks: [HealthMark]) -> String {
    var csv = CSVText(["tensor", "shape", "type", "elements"] + numbers + ["marks"])
    for tensor in tensors {
      csv.add(
        [
          tensor.name, tensor.shape.map(String.init).joined(separator: "x"), tensor.elementType,
          "\(tensor.values.count)",
        ] + row(TensorStatistics(tensor.values))
          + [marks.filter { $0.object == tensor.name }.map(\.code).joined(separator: " ")])
    }
    return csv.text
  }

  /// A row a singular value.
  static func text(_ spectra: [Spectrum]) -> String {
    var csv = CSVText(["layer", "index", "singular_value"])
    for spectrum in spectra {
      for (index, value) in (spectrum.values?.values ?? []).enumerated() {
        csv.add([spectrum.name, "\(index)", csvNumber(value)])
      }
    }
    return csv.text
  }

  /// A row a filter.
  static func text(_ detail: LayerDetail) -> String {
    var csv = CSVText(["filter"] + numbers + ["largest_output"])
    for filter in detail.filters {
      csv.add(
        ["\(filter.output)"] + row(filter.statistics)
          + [csvNumber(detail.activity?.maxima[filter.output])])
    }
    return csv.text
  }

  /// A row a cycle.
  static func text(_ history: [CycleRecord]) -> String {
    var csv = CSVText([
      "cycle", "training_loss", "test_loss", "test_accuracy", "evaluations", "seconds", "kept",
      "plus", "minus",
    ])
    for record in history {
      csv.add(
        [
          "\(record.cycle)", csvNumber(record.trainingLoss), csvNumber(record.testLoss),
          csvNumber(record.testAccuracy), "\(record.evaluations)", csvNumber(record.seconds),
        ] + row(record.tallies.total))
    }
    return csv.text
  }
}
