import RSONumerics

/// Walks the operations of an architecture in order and regroups them into stages.
///
/// A convolution or a linear layer opens a stage. The stage then takes in a skip, a 2 x 2 average pool and
/// a batch norm that follow directly, in that order. Other operations on single channels wait in the
/// prologue of the next stage. Everything that no stage can take in makes a stage of its own.
struct StageGraphBuilder {
  /// The operations that the last stage can still take in; each case excludes those before it.
  enum Openness: Comparable {
    case skip, pool, norm, closed
  }

  /// A value of the network: what a stage that begins here reads.
  struct Value {
    var source: Stage.Source
    var prologue: [ChannelOperation]
    /// The shape after the prologue.
    var shape: ImageShape
  }

  /// The name of the samples, where no layer has it.
  static let input = "input"

  /// The place of the current operation in the JSON, for errors.
  var position = ""

  var stages: [Stage] = []
  /// Offsets are set at the end, once every tensor is known.
  var layers: [ParameterLayer] = []
  /// The values that another operation may name. A layer's is its stage's output.
  var marks: [String: Value] = [:]
  var sources: [String: Int] = [:]
  private var parameterCount = 0
  private var unnamedNorms = 0
  private var unnamedStages = 0

  var value: Value
  var openness = Openness.closed
  /// The stage of a layer whose batch norm was the last operation.
  var normed: Int?
  /// True after `flatten` of a map larger than one pixel. Only a linear layer can read the result.
  private var isFlatMap = false

  init(input: ImageShape) {
    value = Value(source: .samples, prologue: [], shape: input)
    marks[Self.input] = value
  }

  var shape: ImageShape { value.shape }

  mutating func append(_ layer: LayerSpec) throws(ArchitectureError) {
    try refuseUnlessLinear(layer)
    let afterNorm = normed
    normed = nil
    switch layer {
    case .weighted(let layer):
      try open(layer)
    case .channelwise(let operation):
      if operation.isIdentity { normed = afterNorm }
      try apply(operation)
    case .batchNorm(let name):
      try normalize(name: name)
    case .sampleNorm(let name, let groups):
      try normalizeSamples(name: name, groups: groups)
    case .skip(let from, let projection):
      try addSkip(from: from, projected: projection, afterNorm: afterNorm)
    case .flatten:
      openness = .closed
      isFlatMap = shape.area > 1
    case .mark(let name):
      try mark(name)
    case .branch(let from):
      value = try named(from, for: "branch")
      openness = .closed
    case .concatenate(let from):
      try concatenate(from)
    case .zeroChannels(let count):
      try addZeroChannels(count)
    }
  }

  /// Ends the walk: places the tensors and checks that the network answers with logits.
  mutating func finish(classes: Int) throws(ArchitectureError) -> StageGraph {
    guard shape == ImageShape(channels: classes, height: 1, width: 1), !isFlatMap else {
      throw .invalid(
        position: "layers",
        reason: """
          the network ends in \(shape), not in \(classes) x 1 x 1, one for each class, label or number; end with \
          'linear' of \(classes) outputs
          """)
    }
    guard parameterCount > 0 else {
      throw .invalid(position: "layers", reason: "the network has no parameters to train")
    }
    if !value.prologue.isEmpty || value.source != .stage(stages.count - 1) {
      push(name: "output", operation: nil, output: shape, layer: nil)
    }
    for index in stages.indices.dropLast() where !stages.contains(where: { $0.reads(index) }) {
      throw .invalid(
        position: "layers", reason: "nothing reads the output of '\(stages[index].name)'")
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
    guard (1...ArchitectureLimits.channels).contains(layer.outputs) else {
      let key = layer.operation.outputsKey
      throw invalid(
        "\(layer.outputs) \(key) are not possible; use 1 to \(ArchitectureLimits.channels)",
        key: key)
    }
    if let problem = layer.operation.problem(
      on: shape, outputs: layer.outputs, isFlattened: isFlatMap)
    {
      throw invalid(problem)
    }
    let operation = layer.operation.resolved(on: shape.plane)
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
    let operation = operation.resolved(on: shape.plane)
    let output = operation.outputShape(of: shape)
    try output.check(position: position, subject: "outputs")
    value.shape = output
    if case .pool(let pooling) = operation, openness <= .pool,
      stages[stages.count - 1].operation?.canTakeIn(pooling) == true
    {
      stages[stages.count - 1].pool = pooling
      stages[stages.count - 1].outputShape = output
      openness = .norm
    } else {
      value.prologue.append(operation)
      openness = .closed
    }
  }

  private mutating func normalize(name: String?) throws(ArchitectureError) {
    if openness <= .norm, let layer = stages[stages.count - 1].layer {
      if let name {
        throw invalid(
          "this batch-norm belongs to layer '\(layers[layer].name)'; leave out its name '\(name)'",
          key: "name")
      }
      normed = stages.count - 1
    } else {
      try pushNorm(name: name)
    }
    try addScaleAndShift()
    stages[stages.count - 1].normalized = true
    openness = .closed
  }

  private mutating func normalizeSamples(
    name: String?, groups: Int
  ) throws(ArchitectureError) {
    guard groups >= 1, shape.channels % groups == 0 else {
      throw invalid("groups \(groups) must divide the \(shape.channels) channels", key: "groups")
    }
    try pushNorm(name: name)
    try addScaleAndShift()
    stages[stages.count - 1].normGroups = groups
    layers[layers.count - 1].normGroups = groups
    openness = .closed
  }

  /// A stage and a layer for a norm alone.
  private mutating func pushNorm(name: String?) throws(ArchitectureError) {
    unnamedNorms += name == nil ? 1 : 0
    let name = name ?? "norm\(unnamedNorms)"
    try addLayer(name: name, outputs: shape.channels)
    push(name: name, operation: nil, output: shape, layer: layers.count - 1)
    sources[name] = stages.count - 1
  }

  private mutating func addScaleAndShift() throws(ArchitectureError) {
    let layer = stages[stages.count - 1].layer ?? 0
    try addTensor(.gamma, shape: [shape.channels], toLayer: layer)
    try addTensor(.beta, shape: [shape.channels], toLayer: layer)
  }

  // MARK: Parts

  mutating func push(
    name: String? = nil, operation: WeightedOperation?, output: ImageShape, layer: Int?
  ) {
    if name == nil { unnamedStages += 1 }
    stages.append(
      Stage(
        name: name ?? "sum\(unnamedStages)", source: value.source, prologue: value.prologue,
        inputShape: shape, operation: operation, outputShape: output, layer: layer,
        normalized: false))
    value = Value(source: .stage(stages.count - 1), prologue: [], shape: output)
  }

  private mutating func addLayer(name: String, outputs: Int) throws(ArchitectureError) {
    try checkName(name, position: "\(position).name")
    guard !layers.contains(where: { $0.name == name }) else {
      throw invalid("layer name '\(name)' is used twice", key: "name")
    }
    layers.append(ParameterLayer(name: name, outputs: outputs, tensors: []))
  }

  mutating func addTensor(
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

  /// - Parameter key: The key of the operation that the reason is about.
  func invalid(_ reason: String, key: String? = nil) -> ArchitectureError {
    .invalid(position: position, reason: reason, key: key)
  }
}

extension WeightedOperation {
  /// True if a stage computes a pool together with the sum of this operation, so that a batch norm after the
  /// pool still belongs to the layer.
  func canTakeIn(_ pooling: Pooling) -> Bool {
    guard case .convolution(let convolution) = self else { return false }
    return pooling == .halving && convolution.window.stride == Extent(side: 1)
      && convolution.window.dilation == Extent(side: 1) && convolution.groups == 1
  }
}
