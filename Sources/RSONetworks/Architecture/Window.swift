import RSONumerics

/// The window that a convolution or a pool moves over a plane.
package struct Window: Sendable, Hashable {
  package let kernel: Extent
  /// Pixels from one place of the window to the next.
  package let stride: Extent
  /// Pixels from one tap of the kernel to the next.
  package let dilation: Extent
  /// `same` for every padding that is the same on planes of any size.
  package let padding: Padding

  package init(
    kernel: Extent, stride: Extent = Extent(side: 1), dilation: Extent = Extent(side: 1),
    padding: Padding
  ) {
    self.kernel = kernel
    self.stride = stride
    self.dilation = dilation
    // Sizes beyond the bounds, which a network refuses, are left as they are.
    let sizes = 1...ArchitectureLimits.kernel
    let keeps =
      stride == Extent(side: 1) && kernel.isWithin(sizes) && dilation.isWithin(sizes)
      && padding == .edges(Self.keepingEdges(kernel, dilation))
    self.padding = keeps ? .same : padding
  }

  /// - Parameter padding: Rows above and below the plane, columns left and right of it.
  package init(
    kernel: Extent, stride: Extent = Extent(side: 1), dilation: Extent = Extent(side: 1),
    padding: Extent = Extent(side: 0)
  ) {
    self.init(
      kernel: kernel, stride: stride, dilation: dilation, padding: .edges(Edges(padding)))
  }

  /// Rows and columns from the first tap to the last one, both included.
  package var span: Extent { Self.span(kernel, dilation) }

  private static func span(_ kernel: Extent, _ dilation: Extent) -> Extent {
    Extent(
      height: (kernel.height - 1) * dilation.height + 1,
      width: (kernel.width - 1) * dilation.width + 1)
  }

  /// The padding that keeps the size of any plane with stride 1.
  private static func keepingEdges(_ kernel: Extent, _ dilation: Extent) -> Edges {
    let span = span(kernel, dilation)
    return Edges(adding: Extent(height: max(0, span.height - 1), width: max(0, span.width - 1)))
  }

  /// The padding of a plane. `same` adds as much as ceil(n / stride) places need, divided evenly; an
  /// odd row goes below, an odd column to the right.
  package func edges(on plane: Extent) -> Edges {
    switch padding {
    case .edges(let edges): return edges
    case .same:
      func rest(_ size: Int, _ span: Int, _ stride: Int) -> Int {
        max(0, ((size + stride - 1) / stride - 1) * stride + span - size)
      }
      return Edges(
        adding: Extent(
          height: rest(plane.height, span.height, stride.height),
          width: rest(plane.width, span.width, stride.width)))
    }
  }

  /// The same window with the padding that it has on a plane.
  func resolved(on plane: Extent) -> Window {
    Window(kernel: kernel, stride: stride, dilation: dilation, padding: .edges(edges(on: plane)))
  }

  /// Places of the window on a plane, floor((n + padding - span) / stride) + 1 in each direction; at
  /// least 0.
  package func places(on plane: Extent) -> Extent {
    func places(_ size: Int, _ span: Int, _ stride: Int) -> Int {
      size < span ? 0 : (size - span) / stride + 1
    }
    let (edges, span) = (edges(on: plane), span)
    return Extent(
      height: places(plane.height + edges.top + edges.bottom, span.height, stride.height),
      width: places(plane.width + edges.left + edges.right, span.width, stride.width))
  }
}

/// The rows and columns that are added around a plane.
package enum Padding: Sendable, Hashable {
  /// As many as ceil(n / stride) places need.
  case same
  case edges(Edges)

  /// No padding.
  package static let valid = Padding.edges(Edges(Extent(side: 0)))
}

/// Rows above and below a plane, and columns left and right of it.
package struct Edges: Sendable, Hashable {
  package var top: Int
  package var left: Int
  package var bottom: Int
  package var right: Int

  package init(top: Int, left: Int, bottom: Int, right: Int) {
    self.top = top
    self.left = left
    self.bottom = bottom
    self.right = right
  }

  /// The same number of rows above and below, and of columns left and right.
  package init(_ each: Extent) {
    self.init(top: each.height, left: each.width, bottom: each.height, right: each.width)
  }

  /// Divides a number of rows and columns evenly.
  init(adding all: Extent) {
    self.init(
      top: all.height / 2, left: all.width / 2, bottom: all.height - all.height / 2,
      right: all.width - all.width / 2)
  }

  package var all: [Int] { [top, left, bottom, right] }

  /// Rows above or below and columns at either side; nil if the two sides differ.
  package var symmetric: Extent? {
    top == bottom && left == right ? Extent(height: top, width: left) : nil
  }
}

extension ImageShape {
  /// The size of one channel.
  package var plane: Extent { Extent(height: height, width: width) }

  package init(channels: Int, plane: Extent) {
    self.init(channels: channels, height: plane.height, width: plane.width)
  }
}
