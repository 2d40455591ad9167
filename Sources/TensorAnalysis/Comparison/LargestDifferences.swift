/// The few elements that differ most, the largest difference first. Of equal ones the first in the tensor
/// comes first.
package struct LargestDifferences: Sendable, Equatable {
  package struct Element: Sendable, Equatable {
    /// The index in the row-major tensor.
    package var index: Int
    package var first: Double
    package var second: Double

    /// The absolute difference; infinite if it is not a number.
    package var size: Double {
      let distance = abs(second - first)
      return distance.isNaN ? .infinity : distance
    }
  }

  static let capacity = 5

  package private(set) var elements: [Element] = []

  package init() {}

  /// A smaller difference has no place.
  var smallest: Double { elements.count < Self.capacity ? 0 : elements[Self.capacity - 1].size }

  mutating func add(_ element: Element) {
    let size = element.size
    guard size > smallest || elements.count < Self.capacity else { return }
    let place = elements.firstIndex { $0.size < size } ?? elements.count
    elements.insert(element, at: place)
    if elements.count > Self.capacity { elements.removeLast() }
  }

  /// Adds those of elements that follow.
  mutating func add(_ other: LargestDifferences) {
    for element in other.elements { add(element) }
  }
}
