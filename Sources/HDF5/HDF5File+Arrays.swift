internal import CHDF5

extension HDF5File {
  /// Limits of the search for arrays.
  private static let maximumObjects = 1 << 16
  private static let maximumDepth = 12

  /// Returns all datasets of numbers or texts behind hard links, by group and name. A dataset that
  /// cannot be read has the reason in it; other objects are left out.
  ///
  /// *Throws:* `HDF5Error` for a problem with the file as a whole.
  package func arrays() throws(HDF5Error) -> [HDF5Array] {
    var objects = 0
    return try Self.arrays(in: try root(), depth: 0, objects: &objects)
  }

  private static func arrays(
    in group: borrowing HDF5Group, depth: Int, objects: inout Int
  ) throws(HDF5Error) -> [HDF5Array] {
    var arrays: [HDF5Array] = []
    for link in try group.links() where link.kind == .hard {
      objects += 1
      guard objects <= maximumObjects else {
        throw .unsuitable(object: "/", problem: "has too many objects")
      }
      let path = String(group.path(of: link.name).dropFirst())
      do throws(HDF5Error) {
        switch try group.kind(of: link.name) {
        case .group where depth < maximumDepth:
          arrays += try Self.arrays(
            in: try group.group(link.name), depth: depth + 1, objects: &objects)
        case .dataset:
          arrays.append(try group.dataset(link.name).arrayDescription(path: path))
        case .group, .other: continue
        }
      } catch {
        arrays.append(
          HDF5Array(path: path, shape: [], type: "unknown", element: .uint8, problem: "\(error)"))
      }
    }
    return arrays
  }

  /// Reads all elements of an array, row-major, in the form of `HDF5Array.Element`. `body` gets
  /// whole elements, rows of the first dimension.
  ///
  /// *Throws:* `HDF5Error`, or an error of `body`.
  package func read(
    arrayAt path: String, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    try HDF5Library.call("register h5py's compression") {
      chdf5_register_filter(chdf5_lzf_number(), undoLZF)
    }
    let dataset = try root().dataset(path)
    let description = try dataset.arrayDescription(path: path)
    if let problem = description.problem {
      throw HDF5Error.unsuitable(object: path, problem: problem)
    }
    try dataset.readParts(of: description, body)
  }
}
