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

  /// The name of the layer whose parameters the stage uses, or of the operation that it holds.
  package var name: String
  package var source: Source
  package var prologue: [ChannelOperation]
  /// Shape after the prologue: what the operation reads.
  package var inputShape: ImageShape
  /// Nil for a stage that only normalises, adds or passes on its input.
  package var operation: WeightedOperation?
  package var skip: Source?
  /// The pool between the sum and the batch norm.
  package var pool: Pooling?
  package var outputShape: ImageShape
  /// Index into `ParameterLayout.layers`; nil for a stage without parameters.
  package var layer: Int?
  package var normalized: Bool

  package init(
    name: String, source: Source, prologue: [ChannelOperation], inputShape: ImageShape,
    operation: WeightedOperation?, skip: Source? = nil, pool: Pooling? = nil,
    outputShape: ImageShape,
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
  package var window: Window? { operation?.window(on: inputShape) }

  /// The shapes that a source's value has before, between and after the operations of the prologue.
  func prologueShapes(from source: ImageShape) -> [ImageShape] {
    prologue.reduce(into: [source]) { shapes, operation in
      shapes.append(operation.outputShape(of: shapes[shapes.count - 1]))
    }
  }
}
