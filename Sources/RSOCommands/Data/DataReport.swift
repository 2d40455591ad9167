import RSODatasets
import RSONumerics
import RSOSystem

/// The result of `rso data`, in its renderings.
package struct DataReport {
  /// Rows of one table of text; JSON has all.
  private static let mostRows = 40

  private let survey: DataSurvey
  private var dataset: Dataset { survey.dataset }

  package init(_ survey: DataSurvey) { self.survey = survey }

  /// The sample's numbers are features, not pixels.
  private var hasFeatures: Bool { dataset.training.shape.area == 1 }

  // MARK: Text

  package func text(_ palette: Palette) -> String {
    var parts = [header]
    if !dataset.arrays.isEmpty {
      parts.append(
        rows(Report(dataset.arrays, columns: ArrayRows.columns(dataset.arrays)), palette))
    }
    parts.append(palette.text(Report(survey.parts, columns: SetRows.columns).table()))
    let title = outputTitle
    parts.append(
      rows(Report(OutputRow.all(survey), columns: OutputRow.columns(survey, title: title)), palette)
    )
    parts.append(
      rows(
        Report(
          ChannelRow.all(survey),
          columns: ChannelRow.columns(title: hasFeatures ? "feature" : "channel")), palette))
    parts += dataset.remarks.isEmpty ? [] : [dataset.remarks.joined(separator: "\n")]
    parts.append(
      survey.doubts.isEmpty
        ? "no problems found"
          + (dataset.arrays.allSatisfy { $0.use != nil } ? "" : " in the arrays that are used")
        : survey.doubts.map { palette.warning("! \($0)") }.joined(separator: "\n"))
    return parts.joined(separator: "\n\n") + "\n"
  }

  private var header: String {
    var table = Table(columns: [.left("data"), .left(dataset.name)])
    if let place = dataset.place { table.add(["place", place]) }
    if !dataset.kind.isEmpty { table.add(["kind", dataset.kind]) }
    table.add(["task", task])
    table.add(["sample", sample])
    return table.description
  }

  private var task: String {
    let count = dataset.training.outputs
    return switch dataset.task {
    case .classification: "classification, \(Numbers.grouped(count)) classes"
    case .multiLabel: "multi-label, \(Numbers.count(count, "label")) per sample"
    case .regression: "regression, \(Numbers.count(count, "number")) per sample"
    }
  }

  private var sample: String {
    let (shape, kind) = (dataset.training.shape, dataset.training.samples.kind)
    let elements = kind == .bytes ? "bytes, 0 to 255" : "32-bit floats"
    return hasFeatures
      ? "\(Numbers.count(shape.channels, "feature")), \(elements)"
      : "\(shape) (channels x height x width), \(elements)"
  }

  private var outputTitle: String {
    switch dataset.task {
    case .classification: "class"
    case .multiLabel: "label"
    case .regression: "number"
    }
  }

  /// The table of a report, cut to its first rows.
  private func rows<Row>(_ report: Report<Row>, _ palette: Palette) -> String {
    let shown = Report(Array(report.rows.prefix(Self.mostRows)), columns: report.columns)
    let rest = report.rows.count - shown.rows.count
    return palette.text(shown.table())
      + (rest == 0 ? "" : "\n... and \(Numbers.grouped(rest)) more; --json lists all")
  }

  // MARK: JSON

  package func json() throws -> String {
    let shape = dataset.training.shape
    let members: [String: ReportValue] = [
      "data": dataset.name.reportValue,
      "place": dataset.place.reportValue,
      "kind": dataset.kind.isEmpty ? .missing : dataset.kind.reportValue,
      "task": dataset.task.rawValue.reportValue,
      "shape": [shape.channels, shape.height, shape.width].reportValue,
      "elements": dataset.training.samples.kind.rawValue.reportValue,
      "arrays": Report(dataset.arrays, columns: ArrayRows.columns(dataset.arrays)).json,
      "sets": Report(survey.parts, columns: SetRows.columns).json,
      "outputs": Report(
        OutputRow.all(survey), columns: OutputRow.columns(survey, title: outputTitle)
      ).json,
      "channels": Report(ChannelRow.all(survey), columns: ChannelRow.columns(title: "")).json,
      "remarks": dataset.remarks.reportValue,
      "doubts": .list(
        survey.doubts.map {
          .object(["kind": $0.kind.reportValue, "text": "\($0)".reportValue])
        }),
    ]
    return try JSONText.encode(ReportValue.object(members))
  }
}
