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
  private var prologue: [Stage.ChannelOperation] = []
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
    case .convolution(let name, let filters, let geometry, let bias):
      try openConvolution(name: name, filters: filters, geometry: geometry, bias: bias)
    case .linear(let name, let outputs, let bias):
      try openLinear(name: name, outputs: outputs, bias: bias)
    case .pool(let pooling):
      try pool(pooling)
    case .batchNorm(let name):
      try normalize(name: name)
    case .activation(.identity):
      break
    case .activation(let activation):
      postpone(.activation(activation), shape)
    case .skip(let from, let projection):
      try addSkip(from: from, projected: projection)
    case .globalPool(let mode):
      postpone(.globalPool(mode), ImageShape(channels: shape.channels, height: 1, width: 1))
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
      push(name: "output", operation: .none, output: shape, layer: nil)
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

  private mutating func openConvolution(
    name: String, filters: Int, geometry: Convolution, bias: Bool
  ) throws(ArchitectureError) {
    let window = geometry.window
    let kernel = window.kernel
    guard kernel.height == kernel.width, kernel.height % 2 == 1,
      (1...ArchitectureLimits.kernel).contains(kernel.height)
    else {
      let size = kernel.height == kernel.width ? "\(kernel.height)" : "\(kernel)"
      throw invalid(
        "kernel \(size) is not possible; use an odd number from 1 to \(ArchitectureLimits.kernel)")
    }
    guard geometry == .same(kernel: kernel.height) else {
      throw invalid(
        "a convolution with stride \(window.stride), padding \(window.padding) and "
          + "\(geometry.groups) groups is not supported; use stride 1 x 1, padding "
          + "\(Convolution.same(kernel: kernel.height).window.padding) and 1 group")
    }
    try open(
      name: name, operation: .convolution(geometry),
      output: ImageShape(channels: filters, plane: window.places(on: shape.plane)),
      weightShape: [
        filters, shape.channels / geometry.groups, kernel.height, kernel.width,
      ], bias: bias)
  }

  private mutating func openLinear(
    name: String, outputs: Int, bias: Bool
  ) throws(ArchitectureError) {
    guard shape.area == 1 || isFlatMap else {
      throw invalid("linear needs a flat input; put 'flatten' or 'global-pool' before it")
    }
    isFlatMap = false
    try open(
      name: name, operation: .linear, output: ImageShape(channels: outputs, height: 1, width: 1),
      weightShape: [outputs, shape.count], bias: bias)
  }

  private mutating func open(
    name: String, operation: Stage.Operation, output: ImageShape, weightShape: [Int], bias: Bool
  ) throws(ArchitectureError) {
    try output.check(position: position, subject: "outputs")
    try addLayer(name: name, outputs: output.channels)
    try addTensor(.weight, shape: weightShape, toLayer: layers.count - 1)
    if bias { try addTensor(.bias, shape: [output.channels], toLayer: layers.count - 1) }
    push(name: name, operation: operation, output: output, layer: layers.count - 1)
    sources[name] = stages.count - 1
    openness = .skip
  }

  private mutating func pool(_ pooling: Pooling) throws(ArchitectureError) {
    let window = pooling.window
    guard pooling == .halving else {
      throw invalid(
        "a pool of kernel \(window.kernel), stride \(window.stride), padding \(window.padding) and "
          + "mode '\(pooling.mode.rawValue)' is not supported; use an average of 2 x 2, stride 2 x 2"
      )
    }
    let places = window.places(on: shape.plane)
    guard places.area > 0 else {
      throw invalid(
        "average-pool needs a map of at least \(window.kernel) pixels, not \(shape.plane)")
    }
    let pooled = ImageShape(channels: shape.channels, plane: places)
    guard openness <= .pool else { return postpone(.pool(pooling), pooled) }
    stages[stages.count - 1].pool = pooling
    stages[stages.count - 1].outputShape = pooled
    shape = pooled
    openness = .norm
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
      push(name: name, operation: .none, output: shape, layer: layers.count - 1)
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

  /// Adds an operation on single channels to the prologue of the next stage.
  private mutating func postpone(_ operation: Stage.ChannelOperation, _ result: ImageShape) {
    prologue.append(operation)
    shape = result
    openness = .closed
  }

  private mutating func push(
    name: String, operation: Stage.Operation, output: ImageShape, layer: Int?
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
    case .linear, .flatten, .activation(.identity):
      return
    case .activation(let activation):
      throw invalid(
        "after 'flatten' of \(shape) only 'linear' can stand; put '\(activation.name)' before it")
    default:
      throw invalid("after 'flatten' of \(shape) only 'linear' can stand")
    }
  }

  private func invalid(_ reason: String) -> ArchitectureError {
    .invalid(position: position, reason: reason)
  }
}
