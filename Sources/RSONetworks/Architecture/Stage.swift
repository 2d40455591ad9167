import RSONumerics

/// One part of the evaluation of a network. It ends where batch norm needs the values of the whole
/// minibatch.
///
/// Stages are the operations of an `Architecture`, regrouped so that each stage is
///
///     input -> [activation, pool, ... channel by channel] -> convolution | linear | sample norm | nothing
///           -> (+ skip) -> (pool) -> (batch norm)
///
/// which is the unit that an evaluator caches, updates by a channel, and normalises. A stage without an
/// operation may have more channels than its input: the others are zero, until its skip adds to them. So
/// a concatenation is a stage whose skip begins at the first of those channels.
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
  /// The weighted operation; nil for a stage that only normalises, adds or passes on its input.
  package var operation: WeightedOperation?
  /// The groups of channels that a sample norm normalises, for each sample alone; nil without one. Its
  /// gamma and beta are the stage's.
  package var normGroups: Int?
  package var skip: Source?
  /// Operations between the skip's source and the sum.
  package var skipPrologue: [ChannelOperation]
  /// The output channel that the skip's first channel is added to.
  package var skipOffset: Int
  /// The pool between the sum and the batch norm.
  package var pool: Pooling?
  package var outputShape: ImageShape
  /// Index into `ParameterLayout.layers`; nil for a stage without parameters.
  package var layer: Int?
  /// True with a batch norm.
  package var normalized: Bool

  package init(
    name: String, source: Source, prologue: [ChannelOperation], inputShape: ImageShape,
    operation: WeightedOperation?, normGroups: Int? = nil, skip: Source? = nil,
    skipPrologue: [ChannelOperation] = [], skipOffset: Int = 0, pool: Pooling? = nil,
    outputShape: ImageShape,
    layer: Int?, normalized: Bool
  ) {
    self.name = name
    self.source = source
    self.prologue = prologue
    self.inputShape = inputShape
    self.operation = operation
    self.normGroups = normGroups
    self.skip = skip
    self.skipPrologue = skipPrologue
    self.skipOffset = skipOffset
    self.pool = pool
    self.outputShape = outputShape
    self.layer = layer
    self.normalized = normalized
  }

  /// The window that the operation moves over its input planes; nil for a stage without an
  /// operation.
  package var window: Window? { operation?.window(on: inputShape) }

  /// The values that the stage reads.
  package var sources: [Source] { skip.map { [source, $0] } ?? [source] }

  /// True if the stage reads the output of stage `index`.
  func reads(_ index: Int) -> Bool { source == .stage(index) || skip == .stage(index) }
}

extension [ChannelOperation] {
  /// The shapes that a value has before, between and after the operations.
  func shapes(from source: ImageShape) -> [ImageShape] {
    reduce(into: [source]) { shapes, operation in
      shapes.append(operation.outputShape(of: shapes[shapes.count - 1]))
    }
  }
}
