import FoundationEssentials

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
      throw .unreadable("not valid JSON" + JSONSyntax.complaint(about: text))
    }
    if let key = JSONSyntax.repeatedKey(in: text) {
      throw .unreadable("an object has the key '\(key)' twice")
    }
    _ = try StageGraph(self)
  }

  /// Returns the JSON text with sorted keys: equal architectures give equal bytes.
  package func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self)
  }
}
