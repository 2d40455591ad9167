import RSONumerics

/// One step of evaluation between two places where a whole minibatch must be known: the operations
/// of an `Architecture`, regrouped so that each stage is
///
///     input -> [activation, pool, ... channel by channel] -> convolution | linear | nothing
///           -> (+ skip) -> (2 x 2 average pool) -> (batch norm)
///
/// which is the unit that an evaluator caches, updates by a channel, and normalises.
package struct Stage: Sendable, Hashable {
  /// Where a stage takes a value from.
  package enum Source: Sendable, Hashable {
    case samples
    /// The output of an earlier stage, after its batch norm.
    case stage(Int)
  }

  /// An operation that works on each channel alone, between a source and a stage's sum.
  package enum ChannelOperation: Sendable, Hashable {
    case activation(Activation)
    case averagePool
    case globalPool(PoolingMode)

    package static let relu = ChannelOperation.activation(.relu)
  }

  package enum Operation: Sendable, Hashable {
    case none
    case convolution(kernel: Int)
    /// Every output sees the whole input map: a convolution as large as the map, without padding.
    case linear
  }

  /// The name of the layer whose parameters the stage uses, or of the operation it holds.
  package var name: String
  package var source: Source
  package var prologue: [ChannelOperation]
  /// Shape after the prologue: what the operation reads.
  package var inputShape: ImageShape
  package var operation: Operation
  package var skip: Source?
  package var pooled: Bool
  package var outputShape: ImageShape
  /// Index into `ParameterLayout.layers`; nil for a stage without parameters.
  package var layer: Int?
  package var normalized: Bool

  package init(
    name: String, source: Source, prologue: [ChannelOperation], inputShape: ImageShape,
    operation: Operation, skip: Source?, pooled: Bool, outputShape: ImageShape, layer: Int?,
    normalized: Bool
  ) {
    self.name = name
    self.source = source
    self.prologue = prologue
    self.inputShape = inputShape
    self.operation = operation
    self.skip = skip
    self.pooled = pooled
    self.outputShape = outputShape
    self.layer = layer
    self.normalized = normalized
  }
}
