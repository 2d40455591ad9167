import RSONumerics

/// The geometry of a convolution.
package struct Convolution: Sendable, Hashable {
  package var window: Window
  /// The number of groups of channels. An output reads only the inputs of its own group.
  package var groups: Int

  package init(window: Window, groups: Int = 1) {
    self.window = window
    self.groups = groups
  }

  /// Stride 1 and zero padding that keeps the size of the plane.
  package static func same(kernel: Int) -> Convolution {
    Convolution(window: Window(kernel: Extent(side: kernel), padding: .same))
  }

  /// Returns why it cannot read a value of this shape, or give this number of outputs; nil if it can.
  func problem(on input: ImageShape, outputs: Int) -> String? {
    if let problem = window.problem(in: "a convolution") { return problem }
    guard groups >= 1, input.channels % groups == 0, outputs % groups == 0 else {
      return "groups \(groups) must divide the \(input.channels) channels of the input and the "
        + "\(outputs) filters"
    }
    guard window.places(on: input.plane).area > 0 else {
      return "a kernel that spans \(window.span) pixels does not fit on a map of \(input.plane) "
        + "with this padding"
    }
    return nil
  }
}

extension Window {
  /// Returns which of the numbers is out of bounds; nil if none is.
  func problem(in operation: String) -> String? {
    let sizes = 1...ArchitectureLimits.kernel
    for (name, extent) in [("kernel", kernel), ("stride", stride), ("dilation", dilation)]
    where !extent.isWithin(sizes) {
      let size = extent.height == extent.width ? "\(extent.height)" : "\(extent)"
      return "\(name) \(size) is not possible; use numbers from 1 to \(ArchitectureLimits.kernel)"
    }
    if case .edges(let edges) = padding,
      let wrong = edges.all.first(where: { !(0...ChannelOperation.mostPadding).contains($0) })
    {
      return "padding \(wrong) is not possible; use numbers from 0 to "
        + "\(ChannelOperation.mostPadding)"
    }
    return nil
  }
}
