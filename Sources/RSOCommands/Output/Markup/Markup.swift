import RSOSystem

/// Text in HTML or SVG. It is made from text by escaping, so what a file or a user says never becomes a tag.
package struct Markup: Sendable, Equatable {
  package private(set) var text: String

  /// Text that is markup already.
  package init(trusted text: String) {
    self.text = text
  }

  /// Text as it is to be read.
  package init(_ text: String) {
    self.text = Self.escaped(text)
  }

  package static let empty = Markup(trusted: "")

  /// Returns text in which no character has a meaning in HTML and SVG, in elements and in quoted attributes.
  /// Control and invisible characters, and bytes of a path that are not UTF-8, are shown as escapes.
  package static func escaped(_ text: String) -> String {
    // Most texts are plain; a large page has tens of thousands.
    if text.utf8.allSatisfy(isPlain) { return text }
    return printable(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;")
      .replacing(">", with: "&gt;").replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""),
      UInt8(ascii: "'"):
      false
    default: (0x20..<0x7F).contains(byte)
    }
  }

  package static func + (first: Markup, second: Markup) -> Markup {
    Markup(trusted: first.text + second.text)
  }

  package static func += (first: inout Markup, second: Markup) { first.text += second.text }
}

extension Markup {
  /// Returns an element.
  ///
  /// - Parameter attributes: Values by their names. A value that is nil has no attribute.
  package static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], _ content: Markup = .empty
  ) -> Markup {
    let list = attributes.compactMap { name, value in value.map { " \(name)=\"\(escaped($0))\"" } }
    return Markup(trusted: "<\(name)\(list.joined())>\(content.text)</\(name)>")
  }

  /// Returns an element with text.
  package static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], _ content: String
  ) -> Markup {
    element(name, attributes, Markup(content))
  }
}

extension Sequence<Markup> {
  package func joined(separator: String = "") -> Markup {
    Markup(trusted: map(\.text).joined(separator: separator))
  }
}
