internal import CHDF5

extension HDF5File {
  /// Returns all datasets, by group and name, also those behind soft links. A dataset that cannot be read has
  /// the reason in it, and so has a link that is not followed. Named types are left out.
  ///
  /// *Throws:* `HDF5Error` for a problem with the file as a whole.
  package func arrays() throws(HDF5Error) -> [HDF5Array] {
    var search = ArraySearch()
    try search.visit(try root())
    return search.arrays
  }

  /// Reads all elements of an array, row-major, in the form of `HDF5Array.Element`. `body` gets
  /// whole elements.
  ///
  /// - Parameter sources: The other files of a virtual dataset, by name.
  ///
  /// *Throws:* `HDF5Error`, or an error of `body`.
  package func read(
    arrayAt path: String, sources: [String: HDF5MappedFile] = [:],
    _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    try HDF5Library.call("register h5py's compression") {
      chdf5_register_filter(chdf5_lzf_number(), undoLZF)
    }
    let root = try root()
    let dataset = try root.anyDataset(path)
    let description = try dataset.arrayDescription(path: path)
    if let problem = description.problem {
      throw HDF5Error.unsuitable(object: path, problem: problem)
    }
    if description.isVirtual {
      try dataset.readVirtual(description, own: root, files: sources, body)
    } else {
      try dataset.readParts(of: description, body)
    }
  }
}

/// The search for all arrays of a file.
private struct ArraySearch {
  private static let mostObjects = 1 << 16
  private static let deepest = 200

  var arrays: [HDF5Array] = []
  private var objects = 0
  /// The places of the groups that lead to the current one. A link to one of them leads to nothing new.
  private var ancestors: [UInt64] = []

  mutating func visit(_ group: borrowing HDF5Group) throws(HDF5Error) {
    let address = try group.address()
    guard !ancestors.contains(address) else { return }
    ancestors.append(address)
    defer { ancestors.removeLast() }
    for link in try group.links(maximumCount: Self.mostObjects) {
      objects += 1
      guard objects <= Self.mostObjects else {
        throw .unsuitable(object: "/", problem: "has more than \(Self.mostObjects) objects")
      }
      let path = String(group.path(of: link.name).dropFirst())
      switch link.kind {
      case .external: add(path, type: "link", "it is a link to another file, which is not followed")
      case .other: add(path, type: "link", "it is a link of a kind that is not known")
      case .hard, .soft: try visit(link, path: path, in: group)
      }
    }
  }

  private mutating func visit(
    _ link: HDF5Link, path: String, in group: borrowing HDF5Group
  ) throws(HDF5Error) {
    let kind: HDF5ObjectKind
    do throws(HDF5Error) { kind = try group.kind(of: link.name) } catch {
      guard link.kind == .hard else {
        return add(path, type: "link", "it is a link to nothing, or through another file")
      }
      return add(path, type: "unknown", Self.problem(error))
    }
    do throws(HDF5Error) {
      switch kind {
      case .group:
        guard ancestors.count < Self.deepest else {
          return add(path, type: "group", "it is a group in \(Self.deepest) others")
        }
        try visit(try group.group(link.name))
      case .dataset: arrays.append(try group.anyDataset(link.name).arrayDescription(path: path))
      case .other: return
      }
    } catch {
      guard objects <= Self.mostObjects else { throw error }
      add(path, type: "unknown", Self.problem(error))
    }
  }

  private mutating func add(_ path: String, type: String, _ problem: String) {
    arrays.append(HDF5Array(path: path, shape: nil, type: type, element: .uint8, problem: problem))
  }

  private static func problem(_ error: HDF5Error) -> String {
    if case .unsuitable(_, let problem) = error { problem } else { "\(error)" }
  }
}
