import RSONetworks

/// A network as a list of the operations that other tools have. rso does not distinguish a map of
/// one pixel from a flat vector; this graph does.
struct ExportGraph: Sendable, Hashable {
  enum Operation: Sendable, Hashable {
    case weighted(layer: Int, WeightedOperation)
    case batchNorm(layer: Int)
    /// A norm of each sample alone, with the layer's gamma and beta.
    case sampleNorm(layer: Int, groups: Int)
    case channelwise(ChannelOperation)
    case add
    /// The channels of both inputs.
    case concatenate
    /// The input, followed by channels of zeros.
    case zeroChannels(Int)
    /// N x C x H x W to N x CHW.
    case flatten
    /// N x C to N x C x 1 x 1.
    case unflatten
  }

  struct Node: Sendable, Hashable {
    var operation: Operation
    /// Values: 0 is the network's input, n the output of node n - 1.
    var inputs: [Int]
    /// True for an output of shape N x C, false for N x C x H x W.
    var isFlat: Bool
  }

  private(set) var nodes: [Node] = []

  /// The last node's output, N x classes, is the logits.
  init(_ graph: StageGraph) {
    var outputs: [Int] = []
    func value(of source: Stage.Source) -> Int {
      switch source {
      case .samples: 0
      case .stage(let index): outputs[index]
      }
    }
    for stage in graph.stages {
      var current = value(of: stage.source)
      for operation in stage.prologue { current = append(operation, current) }
      if let operation = stage.operation, let layer = stage.layer {
        let input = operation == .linear ? flattened(current) : unflattened(current)
        current = append(.weighted(layer: layer, operation), input)
      }
      if let groups = stage.normGroups, let layer = stage.layer {
        current = append(.sampleNorm(layer: layer, groups: groups), current)
      }
      if let skip = stage.skip {
        var other = value(of: skip)
        for operation in stage.skipPrologue { other = append(operation, other) }
        let join = stage.skipOffset > 0 ? Operation.concatenate : .add
        current = append(join, current, isFlat(current) ? flattened(other) : unflattened(other))
      } else if stage.outputShape.channels > stage.inputShape.channels, stage.operation == nil {
        current = append(
          .zeroChannels(stage.outputShape.channels - stage.inputShape.channels), current)
      }
      if let pool = stage.pool { current = append(ChannelOperation.pool(pool), current) }
      if stage.normalized, let layer = stage.layer {
        current = append(.batchNorm(layer: layer), current)
      }
      outputs.append(current)
    }
    let last = outputs.last ?? 0
    if !isFlat(last) || last != nodes.count { _ = append(.flatten, last) }
  }

  /// The values that any node other than the next one reads.
  var keptValues: Set<Int> {
    var kept: Set<Int> = []
    for (index, node) in nodes.enumerated() {
      for input in node.inputs where input != index { kept.insert(input) }
    }
    return kept
  }

  func isFlat(_ value: Int) -> Bool { value > 0 && nodes[value - 1].isFlat }

  private mutating func append(_ operation: ChannelOperation, _ input: Int) -> Int {
    // A flat value has one number per channel.
    if isFlat(input), operation.keepsOnePixel { return input }
    return append(
      .channelwise(operation), operation.isElementwise ? input : unflattened(input))
  }

  private mutating func append(_ operation: Operation, _ inputs: Int...) -> Int {
    let isFlat =
      switch operation {
      case .weighted(_, .linear), .flatten: true
      case .weighted, .unflatten: false
      case .batchNorm, .sampleNorm, .channelwise, .add, .concatenate, .zeroChannels:
        isFlat(inputs[0])
      }
    nodes.append(Node(operation: operation, inputs: inputs, isFlat: isFlat))
    return nodes.count
  }

  private mutating func flattened(_ value: Int) -> Int {
    isFlat(value) ? value : append(.flatten, value)
  }

  private mutating func unflattened(_ value: Int) -> Int {
    isFlat(value) ? append(.unflatten, value) : value
  }
}
