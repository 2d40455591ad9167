import RSORuns

extension DifferenceAnswer {
  /// For programs: `kind` of a difference is `missing`, `extra`, `text`, `shape`, `kind` or `numbers`.
  struct JSON: Encodable {
    struct Element: Encodable {
      var place: [Int]
      var first: Double
      var second: Double
    }

    struct Difference: Encodable {
      var object: String
      var kind: String
      var first: String?
      var second: String?
      var count: Int?
      var changed: Int?
      var maximum: Double?
      var relativeNorm: Double?
      var cosine: Double?
      var signFlips: Int?
      var mostChanged: [Element]?
    }

    var first: String
    var second: String
    var equal: Bool
    var relation: String?
    /// The later of a descendant and its ancestor.
    var later: String?
    /// Between them.
    var cycles: Int?
    var steps: Int?
    var divergedInCycle: Int?
    var differences: [Difference]
  }

  var json: JSON {
    var result = JSON(
      first: first, second: second, equal: differences.isEmpty,
      differences: differences.map(Self.json))
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

  private static func json(_ difference: ObjectDifference) -> JSON.Difference {
    var result = JSON.Difference(object: difference.name, kind: "kind")
    switch difference.kind {
    case .missing(let what): (result.kind, result.first) = ("missing", what)
    case .extra(let what): (result.kind, result.second) = ("extra", what)
    case .text(let first, let second):
      (result.kind, result.first, result.second) = ("text", first, second)
    case .shape(let first, let second):
      (result.kind, result.first, result.second) = ("shape", shapeText(first), shapeText(second))
    case .kind: break
    case .numbers(let change, _, let largest):
      result.kind = "numbers"
      (result.count, result.changed) = (change.count, change.changed)
      (result.maximum, result.relativeNorm) = (change.maximum, change.relativeNorm)
      (result.cosine, result.signFlips) = (change.cosine, change.signFlips)
      result.mostChanged = largest.map {
        JSON.Element(place: $0.place, first: $0.first, second: $0.second)
      }
    }
    return result
  }
}
