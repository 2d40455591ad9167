import RSOSearch
import RSOSystem

extension SearchOption {
  /// Why `text` is no value of the option: what is expected, and which value was probably meant.
  func refusal(of text: String) -> String {
    let word = text.lowercased().replacing("_", with: "-").replacing(" ", with: "-")
    let nearest = form.synonyms[word] ?? nearestMatch(to: word, among: choices)
    return "expected \(form.expected)" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
  }
}
