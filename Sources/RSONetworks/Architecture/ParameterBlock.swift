/// A matrix of parameters of a function that no network computes.
package struct ParameterBlock: Sendable, Hashable {
  package var name: String
  /// The rows, which the search takes as neurons: a checkpoint stands between two of them.
  package var outputs: Int
  /// The columns.
  package var inputs: Int
  /// The standard deviation of the first values, whose mean is 0, and of the first changes.
  package var deviation: Double

  package init(name: String, outputs: Int, inputs: Int, deviation: Double) {
    self.name = name
    self.outputs = outputs
    self.inputs = inputs
    self.deviation = deviation
  }
}

extension ParameterBlock {
  static let keys = ["name", "outputs", "inputs", "deviation"]

  /// Reads one entry of "parameters".
  init(reading decoder: any Decoder) throws(ArchitectureError) {
    let reader = try SpecificationReader(decoder)
    try reader.refuseKeys(except: Self.keys, of: "a block of parameters")
    guard let deviation = try reader.numberIfPresent("deviation") else {
      throw reader.wrong("deviation", "expected a number")
    }
    self.init(
      name: try reader.string("name"), outputs: try reader.integer("outputs"),
      inputs: try reader.integer("inputs"), deviation: deviation)
  }
}

extension ParameterBlock: Encodable {
  package func encode(to encoder: any Encoder) throws {
    var writer = SpecificationWriter(encoder)
    try writer.write("name", name)
    try writer.write("outputs", outputs)
    try writer.write("inputs", inputs)
    try writer.write("deviation", deviation)
  }
}

extension ParameterLayout {
  /// The layout of blocks of parameters: each is a layer with weights.
  ///
  /// *Throws:* `ArchitectureError` for the first block that is out of bounds.
  init(_ blocks: [ParameterBlock], of architecture: Architecture) throws(ArchitectureError) {
    try checkName(architecture.name, position: "name")
    guard blocks.count <= ArchitectureLimits.layers else {
      throw .invalid(
        position: "parameters", reason: "more than \(ArchitectureLimits.layers) entries")
    }
    self.init(layers: [])
    var names: Set<String> = []
    var offset = 0
    for (index, block) in blocks.enumerated() {
      let position = "parameters[\(index)]"
      try checkName(block.name, position: "\(position).name")
      guard names.insert(block.name).inserted else {
        throw .invalid(position: position, reason: "the name '\(block.name)' is used twice")
      }
      let (count, overflow) = block.outputs.multipliedReportingOverflow(by: block.inputs)
      guard block.outputs > 0, block.inputs > 0, !overflow,
        count <= ArchitectureLimits.parameters - offset
      else {
        throw .invalid(
          position: position,
          reason: "\(block.outputs) x \(block.inputs) parameters; expected at least one, and at "
            + "most \(ArchitectureLimits.parameters) altogether")
      }
      guard block.deviation.isFinite, block.deviation > 0 else {
        throw .invalid(
          position: "\(position).deviation",
          reason: "expected a finite number above 0, not \(block.deviation)")
      }
      layers.append(
        ParameterLayer(
          name: block.name, outputs: block.outputs,
          tensors: [
            ParameterTensor(kind: .weight, shape: [block.outputs, block.inputs], offset: offset)
          ], deviation: block.deviation))
      offset += count
    }
  }
}
