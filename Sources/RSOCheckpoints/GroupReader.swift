import HDF5
import RSOSearch

/// Reads members of groups and checks each against the format.
struct GroupReader {
  /// True if the file has a newer minor version of the format, so that unknown members are ignored.
  private let toleratesMembers: Bool
  let version: FormatVersion

  init(_ userBlock: UserBlock) {
    version = userBlock.version
    toleratesMembers = userBlock.version > CheckpointSchema.version
  }

  /// Checks that every link is hard, and that the group has all required members and attributes and no
  /// others but optional ones.
  ///
  /// - Returns: The names of the members.
  func members(
    of group: HDF5Contents.Group, required: [String], optional: Set<String> = [],
    attributes: [String] = [], optionalAttributes: Set<String> = []
  ) throws -> Set<String> {
    for (name, node) in group.members.sorted(by: { $0.key < $1.key }) {
      if case .link = node { throw Defect(group.path(of: name), "not a hard link") }
    }
    let names = Set(group.members.keys)
    for name in required where !names.contains(name) {
      throw Defect(group.path(of: name), "missing")
    }
    if !toleratesMembers {
      let unknown = names.subtracting(required).subtracting(optional)
      if let name = unknown.min() {
        throw Defect(group.path(of: name), "not part of a checkpoint")
      }
    }
    try check(group, attributes: attributes, optional: optionalAttributes)
    return names
  }

  private func check(
    _ group: HDF5Contents.Group, attributes required: [String], optional: Set<String>
  ) throws {
    for name in required where !group.hasAttribute(name) {
      throw Defect("attribute '\(name)' of \(group.path)", "missing")
    }
    let unknown = Set(group.attributes.keys).subtracting(required).subtracting(optional)
    if !toleratesMembers, let name = unknown.min() {
      throw Defect("attribute '\(name)' of \(group.path)", "not part of a checkpoint")
    }
  }

  private func refuseAttributes(of dataset: HDF5Contents.Dataset) throws {
    if !toleratesMembers, let name = dataset.attributes.min() {
      throw Defect("attribute '\(name)' of \(dataset.path)", "not part of a checkpoint")
    }
  }

  func text(_ group: HDF5Contents.Group, _ name: String) throws -> String {
    let dataset = try group.dataset(name)
    try refuseAttributes(of: dataset)
    return try dataset.text()
  }

  /// The elements of a dataset that must have the given shape.
  func numbers<Element: HDF5Element>(
    _: Element.Type, _ group: HDF5Contents.Group, _ name: String, shape: [Int]
  ) throws -> [Element] {
    let dataset = try group.dataset(name)
    try require(dataset.shape == shape, dataset.path, "of shape \(dataset.shape), not \(shape)")
    try refuseAttributes(of: dataset)
    return try dataset.numbers(Element.self)
  }

  /// The values of an entry of the state.
  func values(
    _ entry: StateEntry, _ group: HDF5Contents.Group, shape: [Int]
  ) throws -> StateValues {
    switch entry.type {
    case .float32: .float32(try numbers(Float.self, group, entry.name, shape: shape))
    case .float64: .float64(try numbers(Double.self, group, entry.name, shape: shape))
    case .int64: .int64(try numbers(Int64.self, group, entry.name, shape: shape).map(Int.init))
    }
  }

  /// Counts: integers of at least 0.
  func counts(_ group: HDF5Contents.Group, _ name: String, shape: [Int]) throws -> [Int] {
    let values = try numbers(Int64.self, group, name, shape: shape)
    try require(values.allSatisfy { $0 >= 0 }, group.path(of: name), "below 0")
    return values.map(Int.init)
  }

  /// Rows of kept, plus, minus.
  func tallies(
    _ group: HDF5Contents.Group, _ name: String, shape: [Int]
  ) throws -> [StepTally] {
    let values = try counts(group, name, shape: shape)
    try require(
      values.allSatisfy { $0 <= Checkpoint.mostCounted }, group.path(of: name),
      "more steps than a cycle can have")
    return stride(from: 0, to: values.count, by: 3).map { row in
      var tally = StepTally()
      (tally.kept, tally.plus, tally.minus) = (values[row], values[row + 1], values[row + 2])
      return tally
    }
  }
}
