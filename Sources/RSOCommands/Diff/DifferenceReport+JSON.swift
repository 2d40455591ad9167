import RSORuns

extension DifferenceReport {
  /// The JSON of `rso diff`.
  package struct JSON: Encodable {
    var first: String
    var second: String
    var equal: Bool
    var relation: String?
    /// The later of a descendant and its ancestor.
    var later: String?
    /// The distance of a descendant from its ancestor.
    var cycles: Int?
    var steps: Int?
    var divergedInCycle: Int?
    var differences: [ReportValue]
  }

  package var json: JSON {
    var result = JSON(
      first: first, second: second, equal: differences.isEmpty,
      differences: differences.map { .object(Self.members(of: $0)) })
    switch relation {
    case nil: break
    case .identical: result.relation = "identical"
    case .descendant(let isSecondLater, let cycles, let steps):
      result.relation = "descendant"
      result.later = isSecondLater ? second : first
      (result.cycles, result.steps) = (cycles, steps)
    case .sameParameters: result.relation = "same-weights"
    case .edited: result.relation = "edited"
    case .diverged(let cycle, _):
      result.relation = "diverged"
      result.divergedInCycle = cycle
    case .unrelated: result.relation = "unrelated"
    }
    return result
  }

  private static func members(of difference: ObjectDifference) -> [String: ReportValue] {
    func members(_ kind: String, _ first: String? = nil, _ second: String? = nil)
      -> [String: ReportValue]
    {
      [
        "object": difference.name.reportValue, "kind": kind.reportValue,
        "first": first.reportValue, "second": second.reportValue,
      ]
    }
    switch difference.kind {
    case .missing(let what): return members("missing", what)
    case .extra(let what): return members("extra", nil, what)
    case .text(let first, let second): return members("text", first, second)
    case .shape(let first, let second):
      return members("shape", shapeText(first), shapeText(second))
    case .kind: return members("kind")
    case .numbers(let change, _, let largest):
      let row = ChangedNumbers(name: difference.name, change: change)
      var result = members("numbers")
      result.merge(Report([row], columns: columns).members(of: row)) { $1 }
      result["most_changed"] = Report(largest, columns: elementColumns).json
      return result
    }
  }

  static var elementColumns: [Column<ElementDifference>] {
    [Column("place", \.place), Column("first", \.first), Column("second", \.second)]
  }
}
