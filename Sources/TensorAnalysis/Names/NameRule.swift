/// A rule that gives names of one file the form that they have in another one: `FROM=TO`. Each `*` of FROM
/// stands for any text, which takes the place of the `*` of the same number in TO; `?` stands for one
/// character in FROM.
package struct NameRule: Sendable, Equatable {
  private let from: [Character]
  private let to: [Character]

  /// - Returns: Nil unless the text is `FROM=TO`, and TO has no more `*` than FROM.
  package init?(_ text: String) {
    guard let sign = text.firstIndex(of: "="), sign > text.startIndex else { return nil }
    from = Array(text[..<sign])
    to = Array(text[text.index(after: sign)...])
    let wanted = to.count { $0 == "*" }
    guard !to.isEmpty, wanted <= from.count(where: { $0 == "*" }) else { return nil }
  }

  /// Returns the name that the rule gives; nil if the name does not match FROM.
  package func applied(to name: String) -> String? {
    guard let texts = Self.match(from[...], Array(name)[...]) else { return nil }
    var rest = texts[...]
    return String(
      to.flatMap { character in
        character == "*" ? rest.popFirst() ?? [] : [character]
      })
  }

  /// Returns the texts for each `*`, the shortest possible for the first ones; nil without a match.
  ///
  /// *Complexity:* O(pattern.count * name.count): a star that matches need not be tried again with more.
  private static func match(
    _ pattern: ArraySlice<Character>, _ name: ArraySlice<Character>
  ) -> [[Character]]? {
    var texts: [[Character]] = []
    var (p, n) = (pattern.startIndex, name.startIndex)
    // The last star, and the end of the text that it stands for.
    var star: (pattern: Int, start: Int, end: Int)?
    while n < name.endIndex || p < pattern.endIndex {
      if p < pattern.endIndex, pattern[p] == "*" {
        if let star { texts.append(Array(name[star.start..<star.end])) }
        star = (p, n, n)
        p += 1
      } else if p < pattern.endIndex, n < name.endIndex, pattern[p] == "?" || pattern[p] == name[n]
      {
        p += 1
        n += 1
      } else if let last = star, last.end < name.endIndex {
        star = (last.pattern, last.start, last.end + 1)
        p = last.pattern + 1
        n = last.end + 1
      } else {
        return nil
      }
    }
    if let star { texts.append(Array(name[star.start..<star.end])) }
    return texts
  }
}
