/// A tuple, a list, a dictionary or an object.
///
/// A class, because a pickle names containers before it fills them, and may use one at several places.
final class PickleContainer {
  enum Kind: Equatable {
    case tuple, list, dictionary
    /// An object of a class, or the result of a function; with the name.
    case object(String)
  }

  let kind: Kind
  /// The members in their order. The keys of a list are its indices.
  var members: [(key: PickleValue, value: PickleValue)] = []
  /// The attributes that an object or a dictionary has besides.
  var state: PickleValue?
  /// The tensor that an object is as a whole, where only its parts can be read.
  var whole: PickleValue?
  /// True while its members are visited, so that a container within itself is visited once.
  var isOpen = false

  fileprivate init(_ kind: Kind) { self.kind = kind }

  func append(_ value: PickleValue) { members.append((.integer(members.count), value)) }
}

/// All containers of a pickle. They refer to each other to any depth, and in circles, so they are emptied one
/// by one at the end.
final class PickleHeap {
  private var containers: [PickleContainer] = []

  var count: Int { containers.count }

  func make(_ kind: PickleContainer.Kind) -> PickleContainer {
    let container = PickleContainer(kind)
    containers.append(container)
    return container
  }

  func make(_ kind: PickleContainer.Kind, _ values: [PickleValue]) -> PickleContainer {
    let container = make(kind)
    container.members.reserveCapacity(values.count)
    for value in values { container.append(value) }
    return container
  }

  deinit {
    for container in containers {
      container.members = []
      container.state = nil
    }
  }
}
