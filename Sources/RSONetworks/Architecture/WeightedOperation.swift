import RSONumerics

/// A convolution or a linear layer with its name: outputs that are weighted sums of the input.
package struct WeightedLayer: Sendable, Hashable {
  package var name: String
  /// Output channels or units.
  package var outputs: Int
  package var operation: WeightedOperation
  package var bias: Bool

  package init(name: String, outputs: Int, operation: WeightedOperation, bias: Bool) {
    self.name = name
    self.outputs = outputs
    self.operation = operation
    self.bias = bias
  }
}

/// The geometry by which a layer's outputs are summed from its input, without the weights.
package enum WeightedOperation: Sendable, Hashable {
  case convolution(Convolution)
  /// Each output reads the whole input, like a convolution as large as the plane without padding.
  case linear

  /// A k x k convolution with stride 1 that keeps the size of the plane.
  package static func convolution(kernel: Int) -> WeightedOperation {
    .convolution(.same(kernel: kernel))
  }

  /// The value of the key "type" in an architecture's JSON.
  package var typeName: String {
    switch self {
    case .convolution: "convolution"
    case .linear: "linear"
    }
  }

  /// The key of the number of outputs in an architecture's JSON.
  var outputsKey: String {
    switch self {
    case .convolution: "filters"
    case .linear: "outputs"
    }
  }

  /// The name of a layer that has none.
  ///
  /// - Parameters:
  ///   - number: Its place among the network's layers of this type, from 1.
  ///   - count: The number of those layers.
  func defaultName(_ number: Int, of count: Int) -> String {
    switch self {
    case .convolution: "conv\(number)"
    case .linear: count == 1 ? "fc" : "fc\(number)"
    }
  }

  /// True if the operation reads a map as one row of numbers after `flatten`.
  var readsFlattened: Bool { self == .linear }

  /// The window that moves over the input planes.
  package func window(on input: ImageShape) -> Window {
    switch self {
    case .convolution(let convolution): convolution.window
    case .linear: Window(kernel: input.plane)
    }
  }

  /// The groups of channels that are apart.
  package var groups: Int {
    if case .convolution(let convolution) = self { convolution.groups } else { 1 }
  }

  /// The operation with the padding that it has on a plane.
  func resolved(on plane: Extent) -> WeightedOperation {
    guard case .convolution(var convolution) = self else { return self }
    convolution.window = convolution.window.resolved(on: plane)
    return .convolution(convolution)
  }

  /// - Parameter outputs: Output channels.
  func outputShape(of input: ImageShape, outputs: Int) -> ImageShape {
    ImageShape(channels: outputs, plane: window(on: input).places(on: input.plane))
  }

  /// (out, in, kh, kw) or (out, in).
  func weightShape(of input: ImageShape, outputs: Int) -> [Int] {
    switch self {
    case .convolution(let convolution):
      let kernel = convolution.window.kernel
      return [outputs, input.channels / convolution.groups, kernel.height, kernel.width]
    case .linear:
      return [outputs, input.count]
    }
  }

  /// Multiply-adds per sample.
  package func multiplyAdds(from input: ImageShape, to output: ImageShape) -> Double {
    let taps = window(on: input).kernel.area * output.area
    return Double(input.channels) / Double(groups) * Double(output.channels) * Double(taps)
  }

  /// Returns why the operation cannot read a value of this shape; nil if it can.
  ///
  /// - Parameter isFlattened: True after `flatten` of a map larger than one pixel.
  func problem(on input: ImageShape, outputs: Int, isFlattened: Bool) -> String? {
    switch self {
    case .convolution(let convolution): convolution.problem(on: input, outputs: outputs)
    case .linear:
      input.area == 1 || isFlattened
        ? nil : "linear needs a flat input; put 'flatten' or 'global-pool' before it"
    }
  }
}

// MARK: JSON

extension WeightedOperation {
  static let layerTypes = [
    LayerType(
      "convolution",
      keys: ["name", "filters", "kernel", "stride", "padding", "dilation", "groups", "bias"]
    ) { reader throws(ArchitectureError) in
      .convolution(
        name: try reader.stringIfPresent("name") ?? "",
        filters: try reader.integer("filters"),
        geometry: Convolution(
          window: Window(
            kernel: try reader.extentIfPresent("kernel") ?? Extent(side: 3),
            stride: try reader.extentIfPresent("stride") ?? Extent(side: 1),
            dilation: try reader.extentIfPresent("dilation") ?? Extent(side: 1),
            padding: try reader.paddingIfPresent("padding") ?? .same),
          groups: try reader.integerIfPresent("groups") ?? 1),
        bias: try reader.flagIfPresent("bias") ?? false)
    },
    LayerType("linear", keys: ["name", "outputs", "bias"]) { reader throws(ArchitectureError) in
      .linear(
        name: try reader.stringIfPresent("name") ?? "",
        outputs: try reader.integer("outputs"),
        bias: try reader.flagIfPresent("bias") ?? false)
    },
  ]
}

extension WeightedLayer {
  func write(to writer: inout SpecificationWriter) throws {
    try writer.write("type", operation.typeName)
    try writer.write("name", name)
    try writer.write("bias", bias)
    switch operation {
    case .convolution(let convolution):
      try writer.write("filters", outputs)
      try writer.write("kernel", convolution.window.kernel)
      try writer.write(convolution.window, stride: Extent(side: 1), padding: .same)
      if convolution.groups != 1 { try writer.write("groups", convolution.groups) }
    case .linear:
      try writer.write("outputs", outputs)
    }
  }
}
