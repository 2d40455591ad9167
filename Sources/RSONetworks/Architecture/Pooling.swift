import RSONumerics

/// The function that a pool applies to the numbers in its window.
package enum PoolingMode: String, Sendable, Codable, CaseIterable {
  case maximum = "max"
  case average
}

/// The geometry of a pool. Padding is not part of the numbers in a window: a maximum or a mean is taken over
/// the pixels of the plane alone.
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

  /// The value of the key "type" in an architecture's JSON.
  var typeName: String { mode == .average ? "average-pool" : "max-pool" }

  func resolved(on plane: Extent) -> Pooling {
    Pooling(mode: mode, window: window.resolved(on: plane))
  }

  /// Returns why it cannot read a plane of this size; nil if it can.
  func problem(on input: ImageShape) -> String? {
    if let problem = window.problem(in: "a pool") { return problem }
    guard window.places(on: input.plane).area > 0 else {
      return "\(typeName) needs a map of at least \(window.kernel) pixels, not \(input.plane)"
    }
    let (edges, kernel) = (window.edges(on: input.plane), window.kernel)
    guard max(edges.top, edges.bottom) < kernel.height, max(edges.left, edges.right) < kernel.width
    else {
      return "the padding of \(typeName) must be smaller than its kernel of \(kernel) pixels"
    }
    return nil
  }
}
