import RSOCheckpoints
import RSORuns
import RSOSystem

/// The result of `rso inspect` for another program's file.
package struct TensorsReport: InspectionReport {
  package let found: FoundTensors
  package let marks: [HealthMark]
  /// `HDF5`, `safetensors`, `npz` or `ONNX`.
  package let format: String
  package let path: String
  /// The parts that were asked for.
  package var layer: LayerDetail?
  package var spectra: [Spectrum]?

  package init(_ found: FoundTensors, format: String, path: String) {
    self.found = found
    self.format = format
    self.path = path
    marks = HealthMark.all(of: found.tensors)
  }

  package var problems: Int { marks.count }

  private var report: Report<TensorRow> {
    Report(TensorRow.all(found.tensors, marks: marks), columns: TensorRow.columns)
  }

  package func text(_ palette: Palette, width: Int, barWidth: Int?) -> String {
    var parts = [heading]
    if let layer { parts.append(layer.text(palette, width: width)) }
    if let spectra { parts.append(Spectrum.text(spectra, palette)) }
    if parts.count == 1 {
      let report = report
      parts.append(palette.text(report.table()) { !report.rows[$0].marks.isEmpty })
    }
    parts.append(HealthMark.text(marks, palette))
    return parts.joined(separator: "\n\n") + "\n"
  }

  private var heading: String {
    let elements = found.tensors.reduce(0) { $0 + $1.values.count }
    let others = found.others.map { printable($0) }.joined(separator: ", ")
    return "\(printable(path)): \(format), not a checkpoint of rso: "
      + "\(Numbers.count(elements, "floating-point number")) in "
      + Numbers.count(found.tensors.count, "array")
      + (others.isEmpty ? "" : "\nother contents: \(others)")
  }

  package var csv: String {
    layer?.csv ?? spectra.map { Report($0, columns: Spectrum.reportColumns).csv } ?? report.csv
  }

  package func json() throws -> String {
    var members: [String: ReportValue] = [
      "path": path.reportValue, "format": format.reportValue, "tensors": report.json,
      "marks": Report(marks, columns: HealthMark.columns).json,
    ]
    members["layer"] = layer?.json
    members["spectrum"] = spectra.map { Report($0, columns: Spectrum.reportColumns).json }
    return try JSONText.encode(ReportValue.object(members))
  }
}
