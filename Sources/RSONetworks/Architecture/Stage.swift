import RSONumerics

/// One part of the evaluation of a network. It ends where batch norm needs the values of the whole
/// minibatch.
///
/// Stages are the operations of an `Architecture`, regrouped so that each stage is
///
///     input -> [activation, pool, ... channel by channel] -> convolution | linear | nothing
///           -> (+ skip) -> (pool) -> (batch norm)
///
/// which is the unit that an evaluator caches, updates by a channel, and normalises.
package struct Stage: Sendable, Hashable {
  /// A value that a stage reads.
  package enum Source: Sendable, Hashable {
    case samples
    /// The output of an earlier stage, after its batch norm.
    case stage(Int)
  }

  /// An operation that works on each channel alone, between a source and a stage's sum.
  package enum ChannelOperation: Sendable, Hashable {
    case activation(Activation)
    case pool(Pooling)
    case globalPool(PoolingMode)

    package static let relu = ChannelOperation.activation(.relu)
    package static let averagePool = ChannelOperation.pool(.halving)
  }

  package enum Operation: Sendable, Hashable {
    case none
    case convolution(Convolution)
    /// Each output reads the whole input, like a convolution as large as the plane without padding.
    case linear

    /// A k x k convolution with stride 1 and zero padding (k - 1) / 2.
    package static func convolution(kernel: Int) -> Operation {
      .convolution(.same(kernel: kernel))
    }
  }

  /// The name of the layer whose parameters the stage uses, or of the operation that it holds.
  package var name: String
  package var source: Source
  package var prologue: [ChannelOperation]
  /// Shape after the prologue: what the operation reads.
  package var inputShape: ImageShape
  package var operation: Operation
  package var skip: Source?
  /// The pool between the sum and the batch norm.
  package var pool: Pooling?
  package var outputShape: ImageShape
  /// Index into `ParameterLayout.layers`; nil for a stage without parameters.
  package var layer: Int?
  package var normalized: Bool

  package init(
    name: String, source: Source, prologue: [ChannelOperation], inputShape: ImageShape,
    operation: Operation, skip: Source? = nil, pool: Pooling? = nil, outputShape: ImageShape,
    layer: Int?, normalized: Bool
  ) {
    self.name = name
    self.source = source
    self.prologue = prologue
    self.inputShape = inputShape
    self.operation = operation
    self.skip = skip
    self.pool = pool
    self.outputShape = outputShape
    self.layer = layer
    self.normalized = normalized
  }

  /// The window that the operation moves over its input planes; nil for a stage without an
  /// operation.
  package var window: Window? {
    switch operation {
    case .none: nil
    case .convolution(let convolution): convolution.window
    case .linear: Window(kernel: inputShape.plane)
    }
  }
}
