/// The difference between two objects of the same name in two files.
package struct ObjectDifference: Sendable, Equatable {
  package enum Kind: Sendable, Equatable {
    /// The second file has no such object; the value describes the first one.
    case missing(String)
    /// The first file has no such object; the value describes the second one.
    case extra(String)
    case text(String, String)
    case shape([Int], [Int])
    /// One is a text, the other one has numbers.
    case kind
    case numbers(VectorChange, shape: [Int], largest: [ElementDifference])
  }

  package var name: String
  package var kind: Kind

  package init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
  }

  package var section: String { String(name.prefix { $0 != "/" }) }
}

/// An element that differs.
package struct ElementDifference: Sendable, Equatable {
  /// The index in each dimension.
  package var place: [Int]
  package var first: Double
  package var second: Double

  package init(place: [Int], first: Double, second: Double) {
    self.place = place
    self.first = first
    self.second = second
  }

  /// The absolute difference; infinite if one value is NaN, so that it is first.
  package var size: Double {
    let distance = abs(second - first)
    return distance.isNaN ? .infinity : distance
  }
}

extension ObjectDifference {
  /// The differences between the objects of two files: first those of the first file in its order, then
  /// those that only the second file has.
  ///
  /// Histories of different lengths are compared as far as both go; the number of cycles is an object
  /// of its own.
  ///
  /// - Parameter count: The most elements in `largest`.
  package static func all(
    from first: [ComparedObject], to second: [ComparedObject], tolerance: Tolerance = .exact,
    count: Int = 5
  ) -> [ObjectDifference] {
    let others = Dictionary(second.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let known = Set(first.map(\.name))
    return first.compactMap { object in
      guard let other = others[object.name] else {
        return ObjectDifference(name: object.name, kind: .missing(object.value.brief))
      }
      return kind(object, other, tolerance, count).map {
        ObjectDifference(name: object.name, kind: $0)
      }
    }
      + second.filter { !known.contains($0.name) }.map {
        ObjectDifference(name: $0.name, kind: .extra($0.value.brief))
      }
  }

  private static func kind(
    _ first: ComparedObject, _ second: ComparedObject, _ tolerance: Tolerance, _ count: Int
  ) -> Kind? {
    switch (first.value, second.value) {
    case (.text(let first), .text(let second)):
      return first == second ? nil : .text(first, second)
    case (.numbers(var values, var shape), .numbers(var others, var otherShape)):
      if first.section == "history", shape != otherShape,
        shape.dropFirst() == otherShape.dropFirst()
      {
        let length = min(values.count, others.count)
        (values, others) = (Array(values.prefix(length)), Array(others.prefix(length)))
        shape[0] = min(shape[0], otherShape[0])
        otherShape = shape
      }
      guard shape == otherShape else { return .shape(shape, otherShape) }
      let change = VectorChange(from: values, to: others, tolerance: tolerance)
      guard change.changed > 0 else { return nil }
      return .numbers(
        change, shape: shape, largest: largest(values, others, shape, tolerance, count))
    default:
      return .kind
    }
  }

  private static func largest(
    _ first: [Double], _ second: [Double], _ shape: [Int], _ tolerance: Tolerance, _ count: Int
  ) -> [ElementDifference] {
    func size(_ index: Int) -> Double {
      let distance = abs(second[index] - first[index])
      return distance.isNaN ? .infinity : distance
    }
    let places = first.indices.filter { !tolerance.accepts(first[$0], second[$0]) }
      .map { (index: $0, size: size($0)) }
      .sorted { ($1.size, $0.index) < ($0.size, $1.index) }
    return places.prefix(count).map { place in
      ElementDifference(
        place: coordinates(place.index, shape), first: first[place.index],
        second: second[place.index])
    }
  }

  /// The index in each dimension of an element of a row-major array.
  package static func coordinates(_ index: Int, _ shape: [Int]) -> [Int] {
    var rest = index
    return shape.reversed().map { extent in
      defer { rest /= extent }
      return rest % extent
    }.reversed()
  }
}

extension ComparedObject.Value {
  fileprivate var brief: String {
    switch self {
    case .text(let text): text
    case .numbers(_, let shape):
      shape.isEmpty ? "a number" : shape.map(String.init).joined(separator: " x ")
    }
  }
}
