import Foundation

/// Finds what is wrong with the form of a JSON text.
package enum JSONSyntax {
  /// Returns `: ` and the parser's words about the syntax error, which `JSONDecoder` does not give;
  /// nothing where the syntax is right.
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

  /// Returns a key that an object of a valid UTF-8 text has twice. Decoders take one of the two in
  /// silence.
  package static func repeatedKey(in text: Data) -> String? {
    /// The objects and arrays around the current place: an object's keys so far, nil for an array.
    var open: [Set<String>?] = []
    var isKey = false
    var place = text.startIndex
    while place < text.endIndex {
      switch text[place] {
      case UInt8(ascii: "{"):
        open.append([])
        isKey = true
      case UInt8(ascii: "["):
        open.append(nil)
        isKey = false
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        _ = open.popLast()
      case UInt8(ascii: ","):
        isKey = open.last.flatMap { $0 } != nil
      case UInt8(ascii: "\""):
        let start = place
        guard let end = end(ofStringAt: start, in: text) else { return nil }
        place = end
        if isKey, !open.isEmpty,
          let key = try? JSONDecoder().decode(String.self, from: text[start...end]),
          open[open.count - 1]?.insert(key).inserted == false
        {
          return key
        }
        isKey = false
      default: break
      }
      place += 1
    }
    return nil
  }

  /// The place of the closing quotation mark; nil if there is none, as in a text that is not UTF-8.
  private static func end(ofStringAt start: Data.Index, in text: Data) -> Data.Index? {
    var place = start + 1
    while place < text.endIndex, text[place] != UInt8(ascii: "\"") {
      place += text[place] == UInt8(ascii: "\\") ? 2 : 1
    }
    return place < text.endIndex ? place : nil
  }
}
