import HDF5
import RSOSearch

/// Reads members of groups, each against what the format says of it.
struct GroupReader {
  /// The file says that its format is newer than this reader's, in the minor version: members that
  /// are not known are left alone.
  private let toleratesMembers: Bool
  /// No dataset holds more bytes than the file that it is in.
  private let maximumBytes: Int

  init(_ userBlock: UserBlock) {
    toleratesMembers = userBlock.version > CheckpointSchema.version
    maximumBytes = userBlock.length
  }

  /// Checks that every link is hard, all of `required` are there, and no others but `optional`.
  func members(
    of group: borrowing HDF5Group, required: [String], optional: Set<String> = []
  ) throws -> Set<String> {
    let links = try group.links()
    for link in links where link.kind != .hard {
      throw Defect(group.path(of: link.name), "not a hard link")
    }
    let names = Set(links.map(\.name))
    for name in required where !names.contains(name) {
      throw Defect(group.path(of: name), "missing")
    }
    if !toleratesMembers {
      let unknown = names.subtracting(required).subtracting(optional)
      if let name = unknown.min() {
        throw Defect(group.path(of: name), "not part of a checkpoint")
      }
    }
    return names
  }

  func text(_ group: borrowing HDF5Group, _ name: String) throws -> String {
    let dataset = try group.dataset(name)
    try dataset.requirePlainStorage()
    return try dataset.readText(maximumBytes: maximumBytes)
  }

  /// The elements of a dataset that must have the given shape.
  func numbers<Element: HDF5Element>(
    _: Element.Type, _ group: borrowing HDF5Group, _ name: String, shape: [Int]
  ) throws -> [Element] {
    let dataset = try group.dataset(name)
    try require(dataset.shape == shape, dataset.path, "of shape \(dataset.shape), not \(shape)")
    try dataset.requirePlainStorage()
    return try dataset.read(Element.self, maximumBytes: maximumBytes)
  }

  /// Numbers of things: integers of at least 0.
  func counts(_ group: borrowing HDF5Group, _ name: String, shape: [Int]) throws -> [Int] {
    let values = try numbers(Int64.self, group, name, shape: shape)
    try require(values.allSatisfy { $0 >= 0 }, group.path(of: name), "below 0")
    return values.map(Int.init)
  }

  /// Rows of kept, plus, minus.
  func tallies(
    _ group: borrowing HDF5Group, _ name: String, shape: [Int]
  ) throws -> [StepTally] {
    let values = try counts(group, name, shape: shape)
    return stride(from: 0, to: values.count, by: 3).map { row in
      var tally = StepTally()
      (tally.kept, tally.plus, tally.minus) = (values[row], values[row + 1], values[row + 2])
      return tally
    }
  }
}
