import RSONumerics

/// Operations on single channels between a source and what reads it, as the kernels compute them.
struct KernelPrologue {
  /// Shape of the source.
  let shape: ImageShape
  /// The activation with which the operations begin, and those after it.
  let activation: KernelActivation
  let rest: [ChannelOperation]
  /// True if there is nothing but an activation.
  let isPlain: Bool
  /// The mode of a global pool, if there is nothing else but an activation.
  let onlyGlobalPool: PoolingMode?

  init(_ operations: [ChannelOperation], on shape: ImageShape) {
    self.shape = shape
    let first = operations.first.flatMap(Self.activation)
    activation = KernelActivation(first ?? .identity)
    let rest = Array(operations.dropFirst(first == nil ? 0 : 1))
    self.rest = rest
    isPlain = rest.isEmpty
    if rest.count == 1, case .globalPool(let mode) = rest[0] {
      onlyGlobalPool = mode
    } else {
      onlyGlobalPool = nil
    }
  }

  private static func activation(_ operation: ChannelOperation) -> Activation? {
    if case .activation(let activation) = operation { activation } else { nil }
  }
}
