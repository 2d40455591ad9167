import RSOCheckpoints
import RSORuns

/// The result of `rso inspect` for a checkpoint.
package struct CheckpointReport: InspectionReport {
  package let inspection: CheckpointInspection
  package let path: String
  /// The parts that were asked for.
  package var layer: LayerDetail?
  package var spectra: [Spectrum]?
  package var history: RunHistory?

  package init(
    _ inspection: CheckpointInspection, path: String, layer: LayerDetail? = nil,
    spectra: [Spectrum]? = nil, history: RunHistory? = nil
  ) {
    self.inspection = inspection
    self.path = path
    self.layer = layer
    self.spectra = spectra
    self.history = history
  }

  package var problems: Int { inspection.marks.count }

  private var rows: [LayerRow] { LayerRow.all(inspection.layers, marks: inspection.marks) }

  package func text(_ palette: Palette, width: Int, barWidth: Int?) -> String {
    var parts = [InspectionHeader.text(inspection, path: path)]
    if let layer { parts.append(layer.text(palette, width: width)) }
    if let spectra { parts.append(Spectrum.text(spectra, palette)) }
    if let history { parts.append(history.text(palette, barWidth: barWidth)) }
    if parts.count == 1 {
      let rows = rows
      for columns in [LayerRow.weightTable, LayerRow.searchTable] {
        let table = Report(rows, columns: columns).table()
        parts.append(palette.text(table) { !rows[$0].marks.isEmpty })
      }
    }
    parts.append(HealthMark.text(inspection.marks, palette))
    return parts.joined(separator: "\n\n") + "\n"
  }

  package var csv: String {
    history?.csv ?? layer?.csv ?? spectra.map { Report($0, columns: Spectrum.reportColumns).csv }
      ?? Report(rows, columns: LayerRow.columns).csv
  }

  package func json() throws -> String {
    var facts = CheckpointFacts(inspection, path: path)
    facts.history = history?.cyclesJSON
    facts.spectrum = spectra.map { Report($0, columns: Spectrum.reportColumns).json }
    facts.layer = layer?.json
    return try JSONText.encode(facts)
  }
}
