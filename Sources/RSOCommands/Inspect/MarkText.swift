import RSORuns
import RSOSystem

extension HealthMark {
  /// The object's name in listings: `conv3`, `conv3.gamma`.
  var name: String {
    guard let kind, kind != .weight else { return object }
    return "\(object).\(kind.rawValue)"
  }

  /// One or two words for a table.
  var brief: String {
    switch problem {
    case .notFinite: "not finite"
    case .constantFilters: "constant filters"
    case .equalOutputs(let count, let dead, _):
      dead == count ? "dead outputs" : "constant filters"
    case .explodingNorm: "exploding norm"
    case .vanishedDeviation: "deviation ~ 0"
    }
  }

  var detail: String {
    switch problem {
    case .notFinite(let count):
      "\(Numbers.grouped(count)) \(count == 1 ? "number is" : "numbers are") NaN or infinite"
    case .constantFilters(let filters):
      filters.count == 1
        ? "all weights of filter \(Self.list(filters)) are equal"
        : "all weights are equal within each of the filters \(Self.list(filters))"
    case .equalOutputs(let count, let dead, let first):
      Self.detail(count: count, dead: dead, first: first)
    case .explodingNorm(let size, let limit):
      "root mean square \(Numbers.value(size)), above \(Numbers.value(limit))"
    case .vanishedDeviation(let deviation):
      "a deviation of \(Numbers.value(deviation)) changes no weight in single precision"
    }
  }

  private static func detail(count: Int, dead: Int, first: [Int]) -> String {
    let shown = first.prefix(8).map(String.init).joined(separator: ", ")
    let list = count > min(first.count, 8) ? "\(shown) ... (\(Numbers.grouped(count)))" : shown
    let kind =
      switch dead {
      case count: "zero"
      case 0: "equal"
      default: "equal, and zero in \(Numbers.grouped(dead)) of them"
      }
    return count == 1
      ? "all weights of filter \(list) are \(kind)"
      : "all weights are \(kind) within each of the filters \(list)"
  }

  private static func list(_ filters: [Int]) -> String {
    let shown = filters.prefix(8).map(String.init).joined(separator: ", ")
    return filters.count > 8 ? "\(shown) ... (\(filters.count))" : shown
  }

  /// A column that lists the problems of a row's object.
  static func column<Row>(_ marks: @escaping (Row) -> [HealthMark]) -> Column<Row> {
    Column(
      "marks", "", align: .left, { marks($0).map(\.problem.code) },
      text: { row in marks(row).map { "! \($0.brief)" }.joined(separator: ", ") })
  }

  /// The list of problems for programs.
  static var columns: [Column<HealthMark>] {
    [Column("object", \.name), Column("problem", \.problem.code), Column("detail", \.detail)]
  }

  /// One line for each problem.
  static func text(_ marks: [HealthMark], _ palette: Palette) -> String {
    guard !marks.isEmpty else { return "no problems found" }
    return marks.map { mark in
      palette.warning("! \(printable(mark.name)): \(mark.brief): \(mark.detail)")
    }.joined(separator: "\n")
  }
}
