import RSOSearch
import RSOSystem

extension SearchOption {
  /// Returns why the option does not accept `text`: the expected form, and the nearest known value.
  func refusal(of text: String) -> String {
    let word = text.lowercased().replacing("_", with: "-").replacing(" ", with: "-")
    let nearest = form.synonyms[word] ?? nearestMatch(to: word, among: choices)
    return "expected \(form.expected)" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
  }
}
