import RSONumerics

/// A height and a width in pixels: the size of a plane, a kernel, a stride or a padding.
package struct Extent: Sendable, Hashable {
  package var height: Int
  package var width: Int

  package init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  package init(side: Int) { self.init(height: side, width: side) }

  package var area: Int { height * width }
}

extension Extent: CustomStringConvertible {
  package var description: String { "\(height) x \(width)" }
}

/// The window that a convolution or a pool moves over a plane.
package struct Window: Sendable, Hashable {
  package var kernel: Extent
  /// Pixels from one place of the window to the next.
  package var stride: Extent
  /// Zero rows above and below the plane, zero columns left and right of it.
  package var padding: Extent

  package init(
    kernel: Extent, stride: Extent = Extent(side: 1), padding: Extent = Extent(side: 0)
  ) {
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
  }

  /// Places of the window on a plane, floor((n + 2 padding - kernel) / stride) + 1 in each
  /// direction; at least 0.
  package func places(on plane: Extent) -> Extent {
    func places(_ size: Int, _ kernel: Int, _ stride: Int, _ padding: Int) -> Int {
      let room = size + 2 * padding - kernel
      return room < 0 ? 0 : room / stride + 1
    }
    return Extent(
      height: places(plane.height, kernel.height, stride.height, padding.height),
      width: places(plane.width, kernel.width, stride.width, padding.width))
  }
}

/// The geometry of a convolution.
package struct Convolution: Sendable, Hashable {
  package var window: Window
  /// The number of groups of channels. An output reads only the inputs of its own group.
  package var groups: Int

  package init(window: Window, groups: Int = 1) {
    self.window = window
    self.groups = groups
  }

  /// Stride 1 and zero padding (kernel - 1) / 2: an odd kernel keeps the size of the plane.
  package static func same(kernel: Int) -> Convolution {
    Convolution(
      window: Window(
        kernel: Extent(side: kernel), padding: Extent(side: max(0, kernel - 1) / 2)))
  }
}

/// The function that a pool applies to the numbers in its window.
package enum PoolingMode: String, Sendable, Codable, CaseIterable {
  case maximum = "max"
  case average
}

/// The geometry of a pool.
package struct Pooling: Sendable, Hashable {
  package var mode: PoolingMode
  package var window: Window

  package init(mode: PoolingMode, window: Window) {
    self.mode = mode
    self.window = window
  }

  /// 2 x 2 average, stride 2; an odd last row or column is dropped.
  package static let halving = Pooling(
    mode: .average, window: Window(kernel: Extent(side: 2), stride: Extent(side: 2)))
}

extension ImageShape {
  /// The size of one channel.
  package var plane: Extent { Extent(height: height, width: width) }

  package init(channels: Int, plane: Extent) {
    self.init(channels: channels, height: plane.height, width: plane.width)
  }
}
