import RSORuns
import RSOSystem

/// The result of `rso diff`.
package struct DifferenceReport {
  /// The files as the user names them.
  let first: String
  let second: String
  /// It is nil if one of them is not a checkpoint.
  let relation: RunRelation?
  let differences: [ObjectDifference]

  package init(
    first: String, second: String, relation: RunRelation?, differences: [ObjectDifference]
  ) {
    self.first = first
    self.second = second
    self.relation = relation
    self.differences = differences
  }

  /// A difference between two arrays of numbers.
  struct ChangedNumbers {
    let name: String
    let change: VectorChange
  }

  /// A row for each array of numbers that differs.
  static var columns: [Column<ChangedNumbers>] {
    [
      Column("numbers", "numbers", align: .left, in: [.table], \.name),
      Column("count", in: [.json], \.change.count),
      Column("changed", "changed", \.change.changed) {
        "\(Numbers.grouped($0.change.changed)) of \(Numbers.grouped($0.change.count))"
      },
      Column("share_changed", "share", as: .percent, \.change.shareChanged),
      Column("max_abs", "max abs", as: .value, \.change.maximum),
      Column("relative_norm", "relative L2", as: .value, \.change.relativeNorm),
      Column("cosine", "cosine", as: .value, \.change.cosine),
      Column("sign_flips", "sign flips", as: .grouped, \.change.signFlips),
    ]
  }

  // MARK: The first line

  package var headline: String {
    switch relation {
    case nil: differences.isEmpty ? "equal arrays" : "arrays that differ"
    case .identical: "identical: both continue in the same way, bit for bit"
    case .descendant(let isSecondLater, let cycles, let steps):
      "descendant: \(name(isSecondLater)) is \(name(!isSecondLater)) "
        + "\(Self.distance(cycles: cycles, steps: steps)) later"
    case .sameParameters: "same weights, another plan"
    case .edited: "same run and position, other weights: one of them was edited"
    case .diverged(let cycle, let hasOtherOptions):
      "same seed, diverged in cycle \(cycle)" + (hasOtherOptions ? ": the options differ" : "")
    case .unrelated(let hasOtherNetwork, let hasOtherSeed, let hasOtherWeights):
      "unrelated: "
        + [
          hasOtherNetwork ? "another network" : nil, hasOtherSeed ? "another seed" : nil,
          hasOtherWeights ? "other initial weights" : nil,
        ].compactMap { $0 }.joined(separator: ", ")
    }
  }

  private func name(_ isSecond: Bool) -> String { quotedPath(isSecond ? second : first) }

  private static func distance(cycles: Int, steps: Int) -> String {
    func count(_ number: Int, _ noun: String) -> String? {
      number == 0 ? nil : Numbers.count(number, noun)
    }
    return [count(cycles, "cycle"), count(steps, "step")].compactMap { $0 }
      .joined(separator: " and ")
  }

  // MARK: All differences

  package func text(_ palette: Palette) -> String {
    let sections = ComparedObject.sections.compactMap { name -> String? in
      let found = differences.filter { $0.section == name }
      return found.isEmpty ? nil : section(name, found, palette)
    }
    return ([palette.title(headline)] + sections).joined(separator: "\n\n") + "\n"
  }

  private func section(
    _ name: String, _ differences: [ObjectDifference], _ palette: Palette
  ) -> String {
    var plain = Table(columns: [.left(""), .left(""), .left("")], indent: 2)
    var numbers: [ChangedNumbers] = []
    var largest = LargestChanges()
    for difference in differences {
      let rest = String(difference.name.dropFirst(name.count + 1))
      switch difference.kind {
      case .missing(let what): plain.add([rest, what, "only in \(self.name(false))"])
      case .extra(let what): plain.add([rest, what, "only in \(self.name(true))"])
      case .text(let one, let other): plain.add([rest, one, "-> \(other)"])
      case .shape(let one, let other):
        plain.add([rest, "shape \(shapeText(one))", "-> shape \(shapeText(other))"])
      case .kind: plain.add([rest, "another kind of object", ""])
      case .numbers(let change, _, let elements):
        numbers.append(ChangedNumbers(name: rest, change: change))
        largest.add(rest, elements)
      }
    }
    var lines = [palette.title(name)] + plain.lines.dropFirst()
    if !numbers.isEmpty { lines += Report(numbers, columns: Self.columns).table(indent: 2).lines }
    if name == "parameters" || name == "arrays", !largest.isEmpty {
      lines += [""] + largest.table.lines
    }
    return lines.joined(separator: "\n")
  }

  // MARK: One line for each object

  /// Returns the first line, and a line for each object with a bar for its share of changed numbers.
  package func summary(_ palette: Palette) -> String {
    var table = Table(columns: [.left(""), .right(""), .left("")])
    for difference in differences {
      switch difference.kind {
      case .missing: table.add([difference.name, "only in \(name(false))", ""])
      case .extra: table.add([difference.name, "only in \(name(true))", ""])
      case .text: table.add([difference.name, "differs", ""])
      case .shape: table.add([difference.name, "another shape", ""])
      case .kind: table.add([difference.name, "another kind", ""])
      case .numbers(let change, _, _):
        table.add([
          difference.name,
          "\(Numbers.grouped(change.changed)) of \(Numbers.grouped(change.count))",
          String(repeating: "+", count: max(1, Int((change.shareChanged * 30).rounded()))),
        ])
      }
    }
    return ([palette.title(headline)] + table.lines.dropFirst()).joined(separator: "\n") + "\n"
  }
}
