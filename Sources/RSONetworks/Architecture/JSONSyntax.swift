import Foundation

/// What is wrong with the form of a JSON text.
package enum JSONSyntax {
  /// Where the syntax breaks, in the parser's words, which `JSONDecoder` keeps to itself: `: ` and the
  /// words, or nothing where it does not break.
  package static func complaint(
    about text: Data, options: JSONSerialization.ReadingOptions = []
  ) -> String {
    do {
      _ = try JSONSerialization.jsonObject(with: text, options: options)
      return ""
    } catch {
      let detail = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String ?? ""
      let words = detail.hasSuffix(".") ? detail.dropLast() : detail[...]
      return words.isEmpty ? "" : ": " + words.prefix(1).lowercased() + words.dropFirst()
    }
  }
}
