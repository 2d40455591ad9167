import Foundation

extension Architecture {
  /// Reads the JSON text of an architecture and checks that it describes a network.
  package init(json text: Data) throws(ArchitectureError) {
    guard text.count <= ArchitectureLimits.textBytes else {
      throw .unreadable(
        "\(text.count) bytes of JSON, more than \(ArchitectureLimits.textBytes)")
    }
    do {
      self = try JSONDecoder().decode(Architecture.self, from: text)
    } catch let error as ArchitectureError {
      throw error
    } catch {
      throw .unreadable("not valid JSON" + Self.syntaxError(in: text))
    }
    _ = try StageGraph(self)
  }

  /// The JSON text, with sorted keys: equal architectures give equal bytes.
  package func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self)
  }

  /// Where the syntax breaks, in the parser's words; `JSONDecoder` keeps that to itself.
  private static func syntaxError(in text: Data) -> String {
    do {
      _ = try JSONSerialization.jsonObject(with: text)
      return ""
    } catch {
      guard let detail = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String else {
        return ""
      }
      let words = detail.hasSuffix(".") ? detail.dropLast() : detail[...]
      return ": " + words.prefix(1).lowercased() + words.dropFirst()
    }
  }
}
