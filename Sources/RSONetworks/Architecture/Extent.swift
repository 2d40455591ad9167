/// A height and a width in pixels: the size of a plane or a kernel, a stride or a dilation.
package struct Extent: Sendable, Hashable {
  package var height: Int
  package var width: Int

  package init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  package init(side: Int) { self.init(height: side, width: side) }

  package var area: Int { height * width }

  /// Both sides within bounds.
  func isWithin(_ bounds: ClosedRange<Int>) -> Bool {
    bounds.contains(height) && bounds.contains(width)
  }
}

extension Extent: CustomStringConvertible {
  package var description: String { "\(height) x \(width)" }
}
