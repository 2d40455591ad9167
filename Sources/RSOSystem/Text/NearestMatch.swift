/// Returns how far apart two words are when typed: insertions, deletions, substitutions, and exchanges of
/// two neighbours, each counted once (optimal string alignment).
///
/// *Complexity:* O(a.count * b.count).
package func editDistance(_ a: String, _ b: String) -> Int {
  let a = Array(a)
  let b = Array(b)
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    row.reserveCapacity(b.count + 1)
    for j in b.indices {
      var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        best = min(best, beforeLast[j - 1] + 1)
      }
      row.append(best)
    }
    beforeLast = last
    last = row
  }
  return last[b.count]
}

/// Returns the candidate nearest to `word`, the first of equals; nil where none is near enough to have
/// been meant. A word that a candidate begins with, or that begins with one, is near.
///
/// A word of more than 64 characters is near to nothing: files may hold words of any length.
package func nearestMatch(to word: String, among candidates: [String]) -> String? {
  guard word.utf8.count <= 256, word.count <= 64 else { return nil }
  let near = candidates.map { ($0, editDistance(word, $0)) }.filter { candidate, distance in
    (distance <= max(2, candidate.count / 2) && distance < candidate.count)
      || word.hasPrefix(candidate) || (word.count > 1 && candidate.hasPrefix(word))
  }
  return near.min { $0.1 < $1.1 }?.0
}
