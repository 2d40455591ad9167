import RSONumerics

/// Walks the operations of an architecture in order and regroups them into stages.
///
/// A convolution or a linear layer opens a stage. The stage then takes in a skip, a pool and a batch
/// norm that follow directly, in that order. Other operations on single channels wait in the prologue
/// of the next stage. A batch norm that no stage can take in makes a stage of its own.
struct StageGraphBuilder {
  /// The operations that the last stage can still take in; each case excludes those before it.
  private enum Openness: Comparable {
    case skip, pool, norm, closed
  }

  /// The place of the current operation in the JSON, for errors.
  var position = ""

  private var stages: [Stage] = []
  /// Offsets are set at the end, once every tensor is known.
  private var layers: [ParameterLayer] = []
  /// Stages that a skip may name.
  private var sources: [String: Int] = [:]
  private var parameterCount = 0
  private var unnamedNorms = 0

  private var source = Stage.Source.samples
  private var prologue: [ChannelOperation] = []
  /// The shape of the current value, after the prologue.
  private var shape: ImageShape
  private var openness = Openness.closed
  /// True after `flatten` of a map larger than one pixel. Only a linear layer can read the result.
  private var isFlatMap = false

  init(input: ImageShape) {
    shape = input
  }

  mutating func append(_ layer: LayerSpec) throws(ArchitectureError) {
    try refuseUnlessLinear(layer)
    switch layer {
    case .weighted(let layer):
      try open(layer)
    case .channelwise(let operation):
      try apply(operation)
    case .batchNorm(let name):
      try normalize(name: name)
    case .skip(let from, let projection):
      try addSkip(from: from, projected: projection)
    case .flatten:
      openness = .closed
      isFlatMap = shape.area > 1
    }
  }

  /// Ends the walk: places the tensors and checks that the network answers with logits.
  mutating func finish(classes: Int) throws(ArchitectureError) -> StageGraph {
    guard shape == ImageShape(channels: classes, height: 1, width: 1), !isFlatMap else {
      throw .invalid(
        position: "layers",
        reason: """
          the network ends in \(shape), not in \(classes) x 1 x 1, one number per class; end with \
          'linear' of \(classes) outputs
          """)
    }
    guard parameterCount > 0 else {
      throw .invalid(position: "layers", reason: "the network has no parameters to train")
    }
    if !prologue.isEmpty {
      push(name: "output", operation: nil, output: shape, layer: nil)
    }
    var offset = 0
    for layer in layers.indices {
      for tensor in layers[layer].tensors.indices {
        layers[layer].tensors[tensor].offset = offset
        offset += layers[layer].tensors[tensor].count
      }
    }
    return StageGraph(stages: stages, layout: ParameterLayout(layers: layers))
  }

  // MARK: Operations

  private mutating func open(_ layer: WeightedLayer) throws(ArchitectureError) {
    let operation = layer.operation
    if let problem = operation.problem(on: shape, isFlattened: isFlatMap) {
      throw invalid(problem)
    }
    isFlatMap = false
    let output = operation.outputShape(of: shape, outputs: layer.outputs)
    try output.check(position: position, subject: "outputs")
    try addLayer(name: layer.name, outputs: output.channels)
    try addTensor(
      .weight, shape: operation.weightShape(of: shape, outputs: layer.outputs),
      toLayer: layers.count - 1)
    if layer.bias { try addTensor(.bias, shape: [output.channels], toLayer: layers.count - 1) }
    push(name: layer.name, operation: operation, output: output, layer: layers.count - 1)
    sources[layer.name] = stages.count - 1
    openness = .skip
  }

  /// Lets the last stage take in a pool that directly follows its sum. Anything else waits in the
  /// prologue of the next stage.
  private mutating func apply(_ operation: ChannelOperation) throws(ArchitectureError) {
    if operation.isIdentity { return }
    if let problem = operation.problem(on: shape) { throw invalid(problem) }
    let output = operation.outputShape(of: shape)
    try output.check(position: position, subject: "outputs")
    shape = output
    if case .pool(let pooling) = operation, openness <= .pool {
      stages[stages.count - 1].pool = pooling
      stages[stages.count - 1].outputShape = output
      openness = .norm
    } else {
      prologue.append(operation)
      openness = .closed
    }
  }

  private mutating func normalize(name: String?) throws(ArchitectureError) {
    if openness <= .norm, let layer = stages[stages.count - 1].layer {
      if let name {
        throw invalid(
          "this batch-norm belongs to layer '\(layers[layer].name)'; leave out its name '\(name)'")
      }
    } else {
      unnamedNorms += name == nil ? 1 : 0
      let name = name ?? "norm\(unnamedNorms)"
      try addLayer(name: name, outputs: shape.channels)
      push(name: name, operation: nil, output: shape, layer: layers.count - 1)
      sources[name] = stages.count - 1
    }
    let layer = layers.count - 1
    try addTensor(.gamma, shape: [shape.channels], toLayer: layer)
    try addTensor(.beta, shape: [shape.channels], toLayer: layer)
    stages[stages.count - 1].normalized = true
    openness = .closed
  }

  private mutating func addSkip(from: String, projected: Bool) throws(ArchitectureError) {
    guard openness == .skip, var stage = stages.last, let layer = stage.layer else {
      throw invalid("skip must stand directly after a convolution or a linear layer")
    }
    guard from != stage.name else { throw invalid("skip from '\(from)' to itself") }
    guard let index = sources[from] else {
      let known = stages.map(\.name).filter { sources[$0] != nil && $0 != stage.name }
      throw invalid(
        "skip from unknown layer '\(from)'; layers before it: "
          + (known.isEmpty ? "none" : known.joined(separator: ", ")))
    }
    let value = stages[index].outputShape
    guard value.height == shape.height, value.width == shape.width else {
      throw invalid(
        "skip from '\(from)' of \(value) does not fit '\(stage.name)' of \(shape); height and "
          + "width must be equal")
    }
    guard projected || value.channels == shape.channels else {
      throw invalid(
        "skip from '\(from)' of \(value) does not fit '\(stage.name)' of \(shape); set "
          + "'projection' to true")
    }
    openness = .pool
    guard projected else {
      stages[stages.count - 1].skip = .stage(index)
      return
    }

    // The projection comes before the stage and the layer that it is added to.
    let projection = ParameterLayer(
      name: "\(stage.name).projection", outputs: shape.channels, tensors: [])
    layers.insert(projection, at: layer)
    try addTensor(.weight, shape: [shape.channels, value.channels, 1, 1], toLayer: layer)
    try addTensor(.gamma, shape: [shape.channels], toLayer: layer)
    try addTensor(.beta, shape: [shape.channels], toLayer: layer)
    stages[stages.count - 1] = Stage(
      name: projection.name, source: .stage(index), prologue: [], inputShape: value,
      operation: .convolution(kernel: 1), outputShape: shape, layer: layer, normalized: true)
    stage.skip = .stage(stages.count - 1)
    stage.layer = layer + 1
    stages.append(stage)
    sources[stage.name] = stages.count - 1
    source = .stage(stages.count - 1)
  }

  // MARK: Parts

  private mutating func push(
    name: String, operation: WeightedOperation?, output: ImageShape, layer: Int?
  ) {
    stages.append(
      Stage(
        name: name, source: source, prologue: prologue, inputShape: shape, operation: operation,
        outputShape: output, layer: layer, normalized: false))
    source = .stage(stages.count - 1)
    prologue = []
    shape = output
  }

  private mutating func addLayer(name: String, outputs: Int) throws(ArchitectureError) {
    try checkName(name, position: "\(position).name")
    guard !layers.contains(where: { $0.name == name }) else {
      throw invalid("layer name '\(name)' is used twice")
    }
    layers.append(ParameterLayer(name: name, outputs: outputs, tensors: []))
  }

  private mutating func addTensor(
    _ kind: ParameterKind, shape: [Int], toLayer layer: Int
  ) throws(ArchitectureError) {
    let tensor = ParameterTensor(kind: kind, shape: shape, offset: 0)
    parameterCount += tensor.count
    guard parameterCount <= ArchitectureLimits.parameters else {
      throw invalid("the network has more than \(ArchitectureLimits.parameters) parameters")
    }
    layers[layer].tensors.append(tensor)
  }

  private func refuseUnlessLinear(_ layer: LayerSpec) throws(ArchitectureError) {
    guard isFlatMap else { return }
    switch layer {
    case .weighted(let layer) where layer.operation.readsFlattened:
      return
    case .flatten:
      return
    case .channelwise(let operation) where operation.isIdentity:
      return
    case .channelwise(let operation) where operation.isElementwise:
      throw invalid(
        "after 'flatten' of \(shape) only 'linear' can stand; put '\(operation.typeName)' before it"
      )
    default:
      throw invalid("after 'flatten' of \(shape) only 'linear' can stand")
    }
  }

  private func invalid(_ reason: String) -> ArchitectureError {
    .invalid(position: position, reason: reason)
  }
}
