/// A file with blocks of HTML that have slots.
///
///     <!--begin head-->
///     <h1>{{title}}</h1>
///     <!--end head-->
package struct MarkupTemplate: Sendable {
  private let blocks: [String: [Piece]]

  private enum Piece: Equatable {
    case markup(String)
    case slot(String)
  }

  /// Reads the blocks of a file. What is outside of blocks is for those who edit it.
  package init(_ bytes: [UInt8]) {
    var blocks: [String: [Piece]] = [:]
    var rest = String(decoding: bytes, as: UTF8.self)[...]
    while let begin = rest.firstRange(of: "<!--begin ") {
      rest = rest[begin.upperBound...]
      guard let close = rest.firstRange(of: "-->") else { break }
      let name = String(rest[..<close.lowerBound])
      rest = rest[close.upperBound...]
      guard let end = rest.firstRange(of: "<!--end \(name)-->") else { break }
      blocks[name] = Self.pieces(rest[..<end.lowerBound].drop { $0 == "\n" })
      rest = rest[end.upperBound...]
    }
    self.blocks = blocks
  }

  private static func pieces(_ text: Substring) -> [Piece] {
    var pieces: [Piece] = []
    var rest = text
    while let open = rest.firstRange(of: "{{"),
      let close = rest[open.upperBound...].firstRange(of: "}}")
    {
      pieces.append(.markup(String(rest[..<open.lowerBound])))
      pieces.append(.slot(String(rest[open.upperBound..<close.lowerBound])))
      rest = rest[close.upperBound...]
    }
    return pieces + [.markup(String(rest))]
  }

  /// The names of the blocks.
  package var names: Set<String> { Set(blocks.keys) }

  /// The slots of a block.
  package func slots(of block: String) -> Set<String> {
    Set(
      blocks[block, default: []].compactMap { piece in
        if case .slot(let name) = piece { name } else { nil }
      })
  }

  /// Returns a block with the values of its slots. A slot without a value stays empty.
  package func fill(_ block: String, _ values: [String: Markup] = [:]) -> Markup {
    Markup(
      trusted: blocks[block, default: []].map { piece in
        switch piece {
        case .markup(let text): text
        case .slot(let name): values[name]?.text ?? ""
        }
      }.joined())
  }
}
