import RSORuns
import RSOSystem
import RSOTensorFiles
import TensorAnalysis

/// The result of `rso inspect` for another program's file: a row for each of its entries.
package struct TensorsReport: InspectionReport {
  package let file: TensorFile
  package let descriptions: [TensorDescription]
  /// Groups of tensors with the same elements, by their indices.
  package let duplicates: [[Int]]
  let marks: [HealthMark]
  /// The parts that were asked for.
  package var layer: LayerDetail?
  package var spectra: [Spectrum]?
  package var showsLayers = false

  /// Reads all entries, or those of `entries`.
  package init(_ file: TensorFile, entries: [TensorEntry]? = nil, threads: Int) {
    self.file = file
    descriptions = TensorDescription.all(
      of: entries ?? file.entries, in: file, threads: threads)
    duplicates = DuplicateTensors.groups(of: descriptions, in: file, threads: threads)
    marks = HealthMark.all(of: descriptions)
  }

  package var problems: Int { marks.count }

  private var rows: [TensorRow] {
    let marks = Dictionary(grouping: marks, by: \.object)
    var firsts: [Int: Int] = [:]
    for group in duplicates { for index in group.dropFirst() { firsts[index] = group[0] } }
    return descriptions.enumerated().map { index, description in
      TensorRow(
        description: description, marks: marks[description.entry.name] ?? [],
        duplicateOf: firsts[index].map { descriptions[$0].entry.name })
    }
  }

  private var unexamined: [TensorDescription] { descriptions.filter { $0.numbers == nil } }

  // MARK: Text

  package func text(_ palette: Palette, width: Int, barWidth: Int?) -> String {
    var parts = [sentence + metadata]
    if let layer { parts.append(layer.text(palette, width: width)) }
    if let spectra { parts.append(Spectrum.text(spectra, palette)) }
    if showsLayers { parts.append(palette.text(layers.table())) }
    if parts.count == 1 {
      let report = tensorReport
      parts.append(palette.text(report.table()) { !report.rows[$0].marks.isEmpty })
      let types = typeReport
      if types.rows.count > 1 { parts.append(palette.text(types.table())) }
    }
    let rest = notExamined
    parts.append(HealthMark.text(marks, palette) + (rest.isEmpty ? "" : "\n" + rest))
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// The file in a sentence.
  var sentence: String {
    let totals = TensorTotals.byType(descriptions)
    let elements = totals.reduce(0) { $0.addingReportingOverflow($1.elements).partialValue }
    let bytes = totals.reduce(0) { $0.addingReportingOverflow($1.bytes).partialValue }
    return "\(printable(file.path)): \(file.format.title), not a checkpoint of rso: "
      + "\(Numbers.count(elements, "element")), \(Numbers.count(bytes, "byte")), in "
      + Numbers.count(descriptions.count, "tensor")
  }

  private static let metadataWidth = 60

  private var metadata: String {
    guard !file.metadata.isEmpty else { return "" }
    let texts = file.metadata.sorted { $0.key < $1.key }.map { name, text in
      let first = text.prefix(Self.metadataWidth)
      return
        "\n  \(printable(name)): \(printable(String(first)))\(first.count < text.count ? " ..." : "")"
    }
    return "\nmetadata:" + texts.joined()
  }

  /// Names the entries that were not examined, so that "no problems found" does not cover them.
  var notExamined: String {
    let names = unexamined.prefix(8).map { printable($0.entry.name) }.joined(separator: ", ")
    guard !names.isEmpty else { return "" }
    return "not examined: \(Numbers.count(unexamined.count, "tensor")): \(names)"
      + (unexamined.count > 8 ? " ..." : "")
  }

  // MARK: For programs

  /// A row for each entry of the file.
  var tensorReport: Report<TensorRow> { Report(rows, columns: TensorRow.columns) }

  /// A row for each type of elements.
  var typeReport: Report<TensorTotals> {
    Report(TensorTotals.byType(descriptions), columns: TensorTotals.typeColumns)
  }

  private var layers: Report<TensorTotals> {
    Report(TensorTotals.byLayer(descriptions), columns: TensorTotals.layerColumns)
  }

  package var csv: String {
    layer?.csv ?? spectra.map { Report($0, columns: Spectrum.reportColumns).csv }
      ?? (showsLayers ? layers.csv : tensorReport.csv)
  }

  /// The members of the JSON object.
  var members: [String: ReportValue] {
    var members: [String: ReportValue] = [
      "path": file.path.reportValue, "format": file.format.title.reportValue,
      "tensors": tensorReport.json, "types": typeReport.json,
      "layers": layers.json,
      "marks": Report(marks, columns: HealthMark.columns).json,
      "not_examined": unexamined.map(\.entry.name).reportValue,
      "metadata": .object(file.metadata.mapValues(\.reportValue)),
    ]
    members["layer"] = layer?.json
    members["spectrum"] = spectra.map { Report($0, columns: Spectrum.reportColumns).json }
    return members
  }

  package func json() throws -> String { try JSONText.encode(ReportValue.object(members)) }
}
