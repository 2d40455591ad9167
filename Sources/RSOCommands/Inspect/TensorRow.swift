import RSORuns
import RSOSystem
import RSOTensorFiles
import TensorAnalysis

/// An entry of a file that is not a checkpoint, and what was found in it.
struct TensorRow {
  let description: TensorDescription
  let marks: [HealthMark]
  /// The name of an earlier tensor with the same elements.
  let duplicateOf: String?

  private var entry: TensorEntry { description.entry }
  private var numbers: NumberStatistics? { description.numbers }

  /// The text of a table after the figures.
  private var remarks: [String] {
    marks.map { "! \($0.brief)" } + (duplicateOf.map { ["same as \($0)"] } ?? [])
      + (description.problem.map { ["not examined: \($0)"] } ?? [])
  }

  static var columns: [Column<TensorRow>] {
    [
      Column("tensor", "tensor", align: .left, \.entry.name),
      Column("shape", "shape", align: .left, \.entry.knownShape) { shapeText($0.entry.knownShape) },
      Column("type", "type", align: .left, \.entry.type.name),
      Column("elements", "elements", as: .grouped, \.entry.count),
      Column("bytes", \.entry.byteCount),
    ] + figures.map { $0.of(\.numbersOfEntry) } + [
      Column("marks", in: [.csv, .json]) { $0.marks.map(\.problem.code) },
      Column("duplicate_of", \.duplicateOf),
      Column("problem", \.description.problem),
      Column(
        "remarks", "", align: .left, in: [.table], \.remarks,
        text: { $0.remarks.joined(separator: ", ") }),
    ]
  }

  private var numbersOfEntry: EntryNumbers {
    EntryNumbers(numbers: numbers, isInteger: entry.type.element?.isInteger ?? false)
  }

  /// Figures, which a row may lack.
  private struct EntryNumbers {
    let numbers: NumberStatistics?
    let isInteger: Bool

    /// Extremes of integers have no decimals.
    func text(_ value: Double?) -> String {
      guard isInteger, let value, let whole = Int(exactly: value) else {
        return Numbers.value(value)
      }
      return Numbers.grouped(whole)
    }
  }

  private static var figures: [Column<EntryNumbers>] {
    [
      Column("mean", "mean", as: .value, \.numbers?.mean),
      Column("std", "std", as: .value, \.numbers?.standardDeviation),
      Column("min", "min", \.numbers?.minimum) { $0.text($0.numbers?.minimum) },
      Column("max", "max", \.numbers?.maximum) { $0.text($0.numbers?.maximum) },
      Column("norm", "L2 norm", as: .value, \.numbers?.norm),
      Column("zeros", "zeros", \.numbers?.zeros) {
        $0.numbers.map { Numbers.percent($0.shareOfZeros) } ?? "-"
      },
      Column("not_finite", \.numbers?.notFinite),
      Column("nan", \.numbers?.nans),
      Column("infinite", \.numbers?.infinities),
      // Columns that most files do not need.
      Column("nan", "NaN", as: .grouped, in: [.tableIfKnown]) { positive($0.numbers?.nans) },
      Column("infinite", "infinite", as: .grouped, in: [.tableIfKnown]) {
        positive($0.numbers?.infinities)
      },
    ]
  }

  private static func positive(_ count: Int?) -> Int? { count == 0 ? nil : count }
}

extension TensorElementType {
  /// True for integers, and for truth values.
  fileprivate var isInteger: Bool { !isFloatingPoint && !isComplex }
}
