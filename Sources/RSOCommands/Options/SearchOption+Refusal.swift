import RSOSearch
import RSOSystem

extension SearchOption {
  /// Returns why the option does not accept `text`: the expected form, and the nearest known value or, for a list of
  /// numbers or the path of a file with them, what is wrong.
  func refusal(of text: String) -> String {
    let word = text.lowercased().replacing("_", with: "-").replacing(" ", with: "-")
    // A path is no misspelt word.
    let words = text.contains { "./".contains($0) } ? [] : form.words
    let nearest = form.synonyms[word] ?? nearestMatch(to: word, among: choices + words)
    return "expected \(form.expected)"
      + (nearest.map { "; did you mean '\($0)'?" }
        ?? problem(inNumbersOrPath: text).map { "; \($0)" } ?? "")
  }

  private func problem(inNumbersOrPath text: String) -> String? {
    guard form.lineSeparator != nil else { return nil }
    if FileSystem.exists(text) { return "\(quotedPath(text)) is not a file" }
    let parts = text.split(omittingEmptySubsequences: false) { ",;".contains($0) }
    if parts.count > 1, let wrong = parts.first(where: { Double($0) == nil }) {
      return "'\(printable(String(wrong), limit: 40))' is not a number"
    }
    return "there is no file \(quotedPath(text))"
  }
}
