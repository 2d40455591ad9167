import RSONumerics

/// An operation without parameters that works on each channel alone. A stage computes it between its
/// source and its sum.
package enum ChannelOperation: Sendable, Hashable {
  case activation(Activation)
  case pool(Pooling)
  case globalPool(PoolingMode)
  /// This many rows of zeros above and below the plane, and columns left and right of it.
  case zeroPad(Int)

  package static let relu = ChannelOperation.activation(.relu)
  package static let averagePool = ChannelOperation.pool(.halving)

  /// The value of the key "type" in an architecture's JSON.
  package var typeName: String {
    switch self {
    case .activation(let activation): activation.name
    case .pool(let pooling): pooling.typeName
    case .globalPool: "global-pool"
    case .zeroPad: "zero-pad"
    }
  }

  /// True if a network is the same without the operation.
  package var isIdentity: Bool { self == .activation(.identity) }

  /// True if each output depends only on the number in its own place, so that the numbers may also be
  /// a flat row.
  package var isElementwise: Bool {
    if case .activation = self { true } else { false }
  }

  /// True if the operation gives back a map of one pixel.
  package var keepsOnePixel: Bool {
    if case .globalPool = self { true } else { false }
  }

  package func outputShape(of input: ImageShape) -> ImageShape {
    switch self {
    case .activation: input
    case .pool(let pooling):
      ImageShape(channels: input.channels, plane: pooling.window.places(on: input.plane))
    case .globalPool: ImageShape(channels: input.channels, height: 1, width: 1)
    case .zeroPad(let padding):
      ImageShape(
        channels: input.channels, height: input.height + 2 * padding,
        width: input.width + 2 * padding)
    }
  }

  /// With more, any map would be too large.
  static let mostPadding = (ArchitectureLimits.side - 1) / 2

  /// Returns why the operation cannot read a value of this shape; nil if it can.
  func problem(on input: ImageShape) -> String? {
    switch self {
    case .activation, .globalPool: nil
    case .pool(let pooling): pooling.problem(on: input)
    case .zeroPad(let padding):
      (1...Self.mostPadding).contains(padding)
        ? nil : "padding \(padding) is not possible; use 1 to \(Self.mostPadding)"
    }
  }
}

extension ChannelOperation {
  /// The operation with the padding that it has on a plane.
  func resolved(on plane: Extent) -> ChannelOperation {
    if case .pool(let pooling) = self { .pool(pooling.resolved(on: plane)) } else { self }
  }
}

// MARK: JSON

extension ChannelOperation {
  static let layerTypes =
    [PoolingMode.average, .maximum].map(Pooling.layerType) + Activation.layerTypes
    + [
      LayerType("global-pool", keys: ["mode"]) { reader throws(ArchitectureError) in
        let name = try reader.string("mode")
        guard let mode = PoolingMode(rawValue: name) else {
          throw reader.wrong(
            "mode", KnownWords.poolingModes.refusal(of: name, "mode", list: "known modes"))
        }
        return .globalPool(mode)
      },
      LayerType("zero-pad", keys: ["padding"]) { reader throws(ArchitectureError) in
        .channelwise(.zeroPad(try reader.integer("padding")))
      },
    ]

  func write(to writer: inout SpecificationWriter) throws {
    try writer.write("type", typeName)
    switch self {
    case .activation(let activation):
      switch activation {
      case .leakyReLU(let slope): try writer.write("slope", slope)
      case .elu(let alpha): try writer.write("alpha", alpha)
      default: break
      }
    case .pool(let pooling):
      let kernel = pooling.window.kernel
      if kernel != Pooling.halving.window.kernel { try writer.write("kernel", kernel) }
      try writer.write(pooling.window, stride: kernel, padding: .valid)
    case .globalPool(let mode):
      try writer.write("mode", mode.rawValue)
    case .zeroPad(let padding):
      try writer.write("padding", padding)
    }
  }
}

extension Pooling {
  /// The kernel is 2 x 2 and the stride the kernel's size unless they are given.
  fileprivate static func layerType(_ mode: PoolingMode) -> LayerType {
    let name = Pooling(mode: mode, window: halving.window).typeName
    return LayerType(name, keys: ["kernel", "stride", "padding"]) {
      reader throws(ArchitectureError) in
      let kernel = try reader.extentIfPresent("kernel") ?? halving.window.kernel
      return .pool(
        Pooling(
          mode: mode,
          window: Window(
            kernel: kernel, stride: try reader.extentIfPresent("stride") ?? kernel,
            padding: try reader.paddingIfPresent("padding") ?? .valid)))
    }
  }
}
