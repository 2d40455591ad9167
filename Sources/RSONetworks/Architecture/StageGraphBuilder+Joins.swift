import RSONumerics
import RSOSystem

/// Operations that read more than the value before them.
extension StageGraphBuilder {
  /// The value that an operation names: a layer's output, a mark, or the input.
  ///
  /// - Parameter excluded: A layer that cannot be named here.
  func named(
    _ name: String, for operation: String, except excluded: String? = nil
  ) throws(ArchitectureError) -> Value {
    if let index = sources[name], name != excluded {
      return Value(source: .stage(index), prologue: [], shape: stages[index].outputShape)
    }
    if let value = marks[name] { return value }
    let known =
      [Self.input] + stages.map(\.name).filter { sources[$0] != nil && $0 != excluded }
      + marks.keys.sorted().filter { $0 != Self.input }
    throw invalid(
      "\(operation) from unknown layer '\(name)'; "
        + (nearestMatch(to: name, among: known).map { "did you mean '\($0)'?" }
          ?? "known names: " + known.joined(separator: ", ")),
      key: "from")
  }

  mutating func mark(_ name: String) throws(ArchitectureError) {
    try checkName(name, position: "\(position).name")
    guard sources[name] == nil, marks[name] == nil else {
      throw invalid("the name '\(name)' is used twice", key: "name")
    }
    marks[name] = value
    openness = .closed
  }

  /// - Parameter afterNorm: The stage whose batch norm was the operation before this one.
  mutating func addSkip(
    from: String, projected: Bool, afterNorm: Int?
  ) throws(ArchitectureError) {
    let own = stages.last
    let isOpen = openness == .skip
    if isOpen, let own, from == own.name {
      throw invalid("skip from '\(from)' to itself", key: "from")
    }
    let added = try named(from, for: "skip", except: isOpen ? own?.name : nil)
    let owner = isOpen ? stages.count - 1 : afterNorm
    let subject = owner.map { "'\(stages[$0].name)'" } ?? "the value"
    guard added.shape.height == shape.height, added.shape.width == shape.width else {
      throw invalid(
        "skip from '\(from)' of \(added.shape) does not fit \(subject) of \(shape); height and "
          + "width must be equal")
    }
    guard projected || added.shape.channels == shape.channels else {
      throw invalid(
        "skip from '\(from)' of \(added.shape) does not fit \(subject) of \(shape); "
          + (owner == nil
            ? "the numbers of channels must be equal" : "set 'projection' to true"))
    }
    guard !projected || owner != nil else {
      throw invalid(
        "a projection must stand directly after a convolution or a linear layer, or after its "
          + "batch-norm; use 'branch' for a projection elsewhere")
    }
    let skip = projected ? try project(added, before: owner ?? 0) : added
    if !isOpen { push(operation: nil, output: shape, layer: nil) }
    stages[stages.count - 1].skip = skip.source
    stages[stages.count - 1].skipPrologue = skip.prologue
    openness = isOpen ? .pool : .closed
  }

  /// Puts the projection before the stage and the layer whose output it is added to.
  private mutating func project(
    _ value: Value, before owner: Int
  ) throws(ArchitectureError) -> Value {
    let stage = stages[owner]
    guard let layer = stage.layer else { throw invalid("a projection needs a layer") }
    let output = shape
    layers.insert(
      ParameterLayer(name: "\(stage.name).projection", outputs: output.channels, tensors: []),
      at: layer)
    try addTensor(.weight, shape: [output.channels, value.shape.channels, 1, 1], toLayer: layer)
    try addTensor(.gamma, shape: [output.channels], toLayer: layer)
    try addTensor(.beta, shape: [output.channels], toLayer: layer)
    stages[owner].layer = layer + 1
    stages.insert(
      Stage(
        name: "\(stage.name).projection", source: value.source, prologue: value.prologue,
        inputShape: value.shape, operation: .convolution(kernel: 1), outputShape: output,
        layer: layer, normalized: true),
      at: owner)
    sources[stage.name] = owner + 1
    self.value.source = .stage(owner + 1)
    return Value(source: .stage(owner), prologue: [], shape: output)
  }

  mutating func concatenate(_ names: [String]) throws(ArchitectureError) {
    guard !names.isEmpty else {
      throw .invalid(position: "\(position).from", reason: "expected at least one name")
    }
    let last = value
    var parts: [Value] = []
    for name in names { parts.append(try named(name, for: "concatenate")) }
    value = parts[0]
    for (name, part) in zip(
      Array(names.dropFirst()) + ["the value before"], parts.dropFirst() + [last])
    {
      guard part.shape.plane == shape.plane else {
        throw invalid(
          "'\(name)' of \(part.shape) does not fit \(shape); height and width must be equal")
      }
      let offset = shape.channels
      let output = ImageShape(channels: offset + part.shape.channels, plane: shape.plane)
      try output.check(position: position, subject: "outputs")
      push(operation: nil, output: output, layer: nil)
      stages[stages.count - 1].skip = part.source
      stages[stages.count - 1].skipPrologue = part.prologue
      stages[stages.count - 1].skipOffset = offset
    }
    openness = .closed
  }

  mutating func addZeroChannels(_ count: Int) throws(ArchitectureError) {
    guard (1...ArchitectureLimits.channels).contains(count) else {
      throw invalid(
        "\(count) channels are not possible; use 1 to \(ArchitectureLimits.channels)", key: "count")
    }
    let output = ImageShape(channels: shape.channels + count, plane: shape.plane)
    try output.check(position: position, subject: "outputs")
    push(operation: nil, output: output, layer: nil)
    openness = .closed
  }
}
