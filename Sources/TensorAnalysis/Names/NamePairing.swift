import RSOSystem
import RSOTensorFiles

/// Finds the entries of two files that belong together.
package struct NamePairing: Sendable {
  /// An entry without a partner.
  package struct Single: Sendable, Equatable {
    package var entry: TensorEntry
    /// The nearest name in the other file; nil where none is near.
    package var nearest: String?
  }

  /// In the order of the first file.
  package private(set) var pairs: [TensorDifference.Pair] = []
  package private(set) var onlyFirst: [Single] = []
  package private(set) var onlySecond: [Single] = []

  /// Entries belong together if their names are the same, or else are the same after the rules, and without
  /// differences that only formats make: `/` instead of `.`, and the group `state_dict`.
  ///
  /// - Parameters:
  ///   - rules: Give the names of the first file the form of the second file. The first rule that matches is
  ///     used.
  ///   - isKeras: Translates Keras's names and layouts in both files to PyTorch's.
  package init(
    _ first: [TensorEntry], _ second: [TensorEntry], rules: [NameRule] = [], isKeras: Bool = false
  ) {
    let one = Self.translated(first, isKeras: isKeras).map { entry in
      var entry = entry
      entry.name = rules.lazy.compactMap { $0.applied(to: entry.name) }.first ?? entry.name
      return entry
    }
    let other = Self.translated(second, isKeras: isKeras)
    let partners = Self.partners(one.map(\.name), other.map(\.name))
    var taken: Set<Int> = []
    for (index, partner) in partners.enumerated() {
      guard let partner else {
        onlyFirst.append(Single(entry: first[index], nearest: nil))
        continue
      }
      taken.insert(partner)
      var pair = TensorDifference.Pair(one[index], other[partner])
      (pair.first.name, pair.second.name) = (first[index].name, second[partner].name)
      pairs.append(pair)
    }
    onlySecond = second.indices.filter { !taken.contains($0) }
      .map { Single(entry: second[$0], nearest: nil) }
    (onlyFirst, onlySecond) = (
      Self.nearest(onlyFirst, onlySecond), Self.nearest(onlySecond, onlyFirst)
    )
  }

  /// The parts of a name between slashes or dots.
  static func parts(of name: String) -> [String] {
    name.utf8.split(separator: UInt8(ascii: "/")).flatMap {
      $0.split(separator: UInt8(ascii: "."))
    }.map { String(Substring($0)) }
  }

  /// A name without what only formats make of it.
  static func canonical(_ name: String) -> String {
    var parts = parts(of: name)
    if parts.count > 1, parts[0] == "state_dict" { parts.removeFirst() }
    return parts.joined(separator: ".")
  }

  // MARK: Finding

  /// For each name of the first list the index of its partner. A name that both files have several times is
  /// paired in the order of the files.
  private static func partners(_ first: [String], _ second: [String]) -> [Int?] {
    var same = Dictionary(grouping: second.indices.reversed()) { second[$0] }
    var partners = first.map { same[$0]?.popLast() }
    let taken = Set(partners.compactMap { $0 })
    let free = second.indices.filter { !taken.contains($0) }
    let canonical = places(free.map { Self.canonical(second[$0]) })
    let own = places(first.map(Self.canonical))
    for (index, name) in first.enumerated() where partners[index] == nil {
      let key = Self.canonical(name)
      // A form that two names of a file have belongs to neither.
      guard case let place?? = canonical[key], own[key] == .some(index) else { continue }
      partners[index] = free[place]
    }
    return partners
  }

  /// The index of each name; nil for a name that occurs twice.
  private static func places(_ names: [String]) -> [String: Int?] {
    Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { _, _ in nil })
  }

  private static func translated(_ entries: [TensorEntry], isKeras: Bool) -> [TensorEntry] {
    guard isKeras else { return entries }
    var ranks: [String: [Int]] = [:]
    for entry in entries {
      let parts = parts(of: entry.name)
      guard parts.count > 1, let index = parts.last.flatMap({ Int($0) }),
        parts[parts.count - 2] == "vars", index == ranks[layer(parts)]?.count ?? 0
      else { continue }
      ranks[layer(parts), default: []].append(entry.shape.count)
    }
    return entries.map {
      KerasNames.translated($0, ranks: ranks[layer(parts(of: $0.name))] ?? [])
    }
  }

  /// The name of an entry's layer: the entry's name without its last part. An entry without other parts is a
  /// layer of its own.
  package static func layer(of name: String) -> String {
    let parts = parts(of: name)
    return parts.count < 2 ? name : layer(parts)
  }

  private static func layer(_ parts: [String]) -> String {
    parts.dropLast().joined(separator: ".")
  }

  // MARK: Nearest names

  /// The most names of each file whose nearest name is looked for.
  private static let compared = 200

  private static func nearest(_ singles: [Single], _ others: [Single]) -> [Single] {
    let names = others.prefix(compared).map(\.entry.name)
    return singles.enumerated().map { index, single in
      guard index < compared else { return single }
      return Single(
        entry: single.entry, nearest: nearestMatch(to: single.entry.name, among: names))
    }
  }
}
