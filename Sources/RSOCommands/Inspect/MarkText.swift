import RSORuns

extension HealthMark {
  /// The object's name as it stands in listings: `conv3`, `conv3.gamma`.
  var name: String {
    guard let kind, kind != .weight else { return object }
    return "\(object).\(kind.rawValue)"
  }

  /// One or two words for a table.
  var brief: String {
    switch problem {
    case .notFinite: "not finite"
    case .constantFilters: "constant filters"
    case .explodingNorm: "exploding norm"
    case .vanishedDeviation: "sigma ~ 0"
    }
  }

  /// A stable word for programs.
  var code: String { brief.replacing(" ~ ", with: "-").replacing(" ", with: "-") }

  var detail: String {
    switch problem {
    case .notFinite(let count):
      "\(Numbers.grouped(count)) \(count == 1 ? "number is" : "numbers are") NaN or infinite"
    case .constantFilters(let filters):
      "the weights of \(filters.count == 1 ? "filter" : "filters") "
        + Self.list(filters) + (filters.count == 1 ? " are" : " are each") + " all the same"
    case .explodingNorm(let size, let limit):
      "root mean square \(Numbers.value(size)), above \(Numbers.value(limit))"
    case .vanishedDeviation(let deviation):
      "sigma \(Numbers.value(deviation)) changes no weight in single precision"
    }
  }

  private static func list(_ filters: [Int]) -> String {
    let shown = filters.prefix(8).map(String.init).joined(separator: ", ")
    return filters.count > 8 ? "\(shown) ... (\(filters.count))" : shown
  }

  /// All marks, a line each, or that there is none.
  static func text(_ marks: [HealthMark], _ palette: Palette) -> String {
    guard !marks.isEmpty else { return "nothing to remark" }
    return marks.map { mark in
      palette.warning("! \(mark.name): \(mark.brief): \(mark.detail)")
    }.joined(separator: "\n")
  }
}

/// `16 x 1 x 3 x 3`; `scalar` for no dimensions.
func shapeText(_ shape: [Int]) -> String {
  shape.isEmpty ? "scalar" : shape.map(String.init).joined(separator: " x ")
}
