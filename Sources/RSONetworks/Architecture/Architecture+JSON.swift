import FoundationEssentials

extension Architecture {
  /// Reads the JSON text of an architecture and checks that it describes a network.
  package init(json text: Data) throws(ArchitectureError) {
    guard text.count <= ArchitectureLimits.textBytes else {
      throw .unreadable(
        "\(text.count) bytes of JSON, more than \(ArchitectureLimits.textBytes)")
    }
    let complaint = JSONSyntax.complaint(about: text)
    guard complaint.isEmpty else { throw .unreadable("not valid JSON" + complaint) }
    do {
      self = try JSONDecoder().decode(Architecture.self, from: text)
    } catch let error as ArchitectureError {
      throw error
    } catch {
      throw .unreadable("not valid JSON")
    }
    if let repetition = JSONSyntax.repeatedKey(in: text) { throw .unreadable(repetition) }
    _ = try StageGraph(self)
  }

  /// Refuses a layer with the name of the samples. Plans of earlier versions may have one.
  package func refuseLayerNamedAsSamples() throws(ArchitectureError) {
    let index = layers.firstIndex { layer in
      switch layer {
      case .weighted(let layer): layer.name == StageGraphBuilder.input
      case .batchNorm(let name), .sampleNorm(let name, _): name == StageGraphBuilder.input
      default: false
      }
    }
    guard let index else { return }
    throw .invalid(
      position: "layers[\(index)]",
      reason: "the name '\(StageGraphBuilder.input)' is that of the samples; use another one",
      key: "name")
  }

  /// Returns the JSON text with sorted keys: equal architectures give equal bytes.
  package func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self)
  }
}
