import RSORuns

/// What `rso diff` answers.
struct DifferenceAnswer {
  /// As the user calls them.
  let first: String
  let second: String
  /// Nil where one of them is not a checkpoint.
  let relation: RunRelation?
  let differences: [ObjectDifference]

  // MARK: The first line

  var headline: String {
    switch relation {
    case nil: differences.isEmpty ? "equal arrays" : "arrays that differ"
    case .identical: "identical: both go on in the same way, bit for bit"
    case .descendant(let isSecondLater, let cycles, let steps):
      "descendant: '\(isSecondLater ? second : first)' is '\(isSecondLater ? first : second)' "
        + "\(Self.distance(cycles: cycles, steps: steps)) on"
    case .sameParameters: "same weights, another plan"
    case .edited: "same run and place, other weights: one of them was edited"
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

  private static func distance(cycles: Int, steps: Int) -> String {
    func count(_ number: Int, _ noun: String) -> String? {
      number == 0 ? nil : Numbers.count(number, noun)
    }
    return [count(cycles, "cycle"), count(steps, "step")].compactMap { $0 }
      .joined(separator: " and ")
  }

  // MARK: For people

  func text(_ palette: Palette) -> String {
    let sections = ComparedObject.sections.compactMap { name -> String? in
      let found = differences.filter { $0.section == name }
      return found.isEmpty ? nil : section(name, found, palette)
    }
    return ([palette.title(headline)] + sections).joined(separator: "\n\n") + "\n"
  }

  private func section(
    _ name: String, _ differences: [ObjectDifference], _ palette: Palette
  ) -> String {
    var lines = [palette.title(name)]
    var plain = Table(columns: [.left(""), .left(""), .left("")], indent: 2)
    var numbers = Table(
      columns: [
        .left("numbers"), .right("changed"), .right("share"), .right("max abs"),
        .right("relative L2"), .right("cosine"), .right("sign flips"),
      ], indent: 2)
    var largest = Table(
      columns: [.left("most changed"), .right(""), .left(""), .right("")], indent: 2)
    var groups: [(name: String, elements: [(name: String, element: ElementDifference)])] = []
    for difference in differences {
      let rest = String(difference.name.dropFirst(name.count + 1))
      switch difference.kind {
      case .missing(let what): plain.add([rest, what, "only in '\(first)'"])
      case .extra(let what): plain.add([rest, what, "only in '\(second)'"])
      case .text(let one, let other): plain.add([rest, one, "-> \(other)"])
      case .shape(let one, let other):
        plain.add([rest, "shape \(shapeText(one))", "-> shape \(shapeText(other))"])
      case .kind: plain.add([rest, "not the same kind of thing", ""])
      case .numbers(let change, _, let elements):
        numbers.add(
          [
            rest, "\(Numbers.grouped(change.changed)) of \(Numbers.grouped(change.count))",
            Numbers.percent(change.shareChanged), Numbers.value(change.maximum),
            Numbers.value(change.relativeNorm), Numbers.value(change.cosine),
            Numbers.grouped(change.signFlips),
          ])
        let (layer, named) = Self.named(rest, elements)
        if groups.last?.name == layer {
          groups[groups.count - 1].elements += named
        } else {
          groups.append((layer, named))
        }
      }
    }
    if plain.lines.count > 1 { lines += plain.lines.dropFirst() }
    if numbers.lines.count > 1 { lines += numbers.lines }
    if name == "parameters" || name == "arrays", !groups.isEmpty {
      for group in groups {
        let five = group.elements.enumerated()
          .sorted { ($1.element.element.size, $0.offset) < ($0.element.element.size, $1.offset) }
        for (_, item) in five.prefix(5) {
          largest.add([
            item.name, Numbers.value(item.element.first), "->", Numbers.value(item.element.second),
          ])
        }
      }
      lines += [""] + largest.lines
    }
    return lines.joined(separator: "\n")
  }

  /// `conv3[7,2,1,1]`, `conv3.gamma[7]`; with the layer they are of.
  private static func named(
    _ object: String, _ elements: [ElementDifference]
  ) -> (layer: String, [(String, ElementDifference)]) {
    let parts = object.split(separator: "/")
    let isParameter = parts.count == 2
    let layer = isParameter ? String(parts[0]) : object
    let name = isParameter && parts[1] != "weight" ? "\(layer).\(parts[1])" : layer
    return (
      layer,
      elements.map { element in
        let place = element.place.map(String.init).joined(separator: ",")
        return (element.place.isEmpty ? name : "\(name)[\(place)]", element)
      }
    )
  }

  /// A line for each object that differs, with a bar for its share of changed numbers.
  func summary(_ palette: Palette) -> String {
    var table = Table(columns: [.left(""), .right(""), .left("")])
    for difference in differences {
      switch difference.kind {
      case .missing: table.add([difference.name, "only in '\(first)'", ""])
      case .extra: table.add([difference.name, "only in '\(second)'", ""])
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
