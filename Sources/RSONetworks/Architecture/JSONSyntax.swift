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

  /// A key that an object of a valid UTF-8 text has twice: decoders take one and say nothing.
  package static func repeatedKey(in text: Data) -> String? {
    /// The keys so far of each object, and nil for each array, that the place at hand lies in.
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

  /// Where the closing quotation mark stands; nil if there is none, as in a text that is not UTF-8.
  private static func end(ofStringAt start: Data.Index, in text: Data) -> Data.Index? {
    var place = start + 1
    while place < text.endIndex, text[place] != UInt8(ascii: "\"") {
      place += text[place] == UInt8(ascii: "\\") ? 2 : 1
    }
    return place < text.endIndex ? place : nil
  }
}
