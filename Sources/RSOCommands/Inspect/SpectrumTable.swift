import RSORuns

/// The singular values of each layer's matrix.
enum SpectrumTable {
  static func text(_ spectra: [Spectrum], _ palette: Palette) -> String {
    guard !spectra.isEmpty else { return "no tensor is a matrix" }
    var table = Table(columns: [
      .left("layer"), .right("matrix"), .right("largest"), .right("median"), .right("smallest"),
      .right("stable rank"), .right("condition"), .left("singular values"),
    ])
    for spectrum in spectra {
      let matrix = "\(spectrum.rows) x \(spectrum.columns)"
      guard let found = spectrum.values, let first = found.values.first else {
        table.add([
          spectrum.name, matrix, "-", "-", "-", "-", "-", spectrum.problem ?? "none",
        ])
        continue
      }
      let values = found.values
      table.add([
        spectrum.name, matrix, Numbers.value(first), Numbers.value(values[values.count / 2]),
        Numbers.value(values[values.count - 1]), Numbers.value(found.stableRank),
        Numbers.value(found.conditionNumber), Sparkline.text(values, width: 24),
      ])
    }
    return palette.text(table)
  }
}
