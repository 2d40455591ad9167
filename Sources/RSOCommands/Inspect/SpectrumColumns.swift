import RSORuns

extension Spectrum {
  /// A row for each matrix.
  static var reportColumns: [Column<Spectrum>] {
    [
      Column("layer", "layer", align: .left, \.name),
      Column("rows", \.rows), Column("columns", \.columns),
      Column("matrix", "matrix", in: [.table], { "\($0.rows) x \($0.columns)" }),
      Column("largest", "largest", as: .value) { $0.values?.values.first },
      Column("median", "median", as: .value) { $0.values.map { $0.values[$0.values.count / 2] } },
      Column("smallest", "smallest", as: .value) { $0.values?.values.last },
      Column("stable_rank", "stable rank", as: .value) { $0.values?.stableRank },
      Column("condition_number", "condition", as: .value) { $0.values?.conditionNumber },
      Column(
        "singular_values", "singular values", align: .left, { $0.values?.values },
        text: { spectrum in
          spectrum.values.map { Sparkline.text($0.values, width: 24) } ?? spectrum.problem ?? "none"
        }),
      Column("problem", \.problem),
    ]
  }

  static func text(_ spectra: [Spectrum], _ palette: Palette) -> String {
    spectra.isEmpty
      ? "no tensor is a matrix" : palette.text(Report(spectra, columns: reportColumns).table())
  }
}
