internal import CHDF5

extension HDF5Contents {
  /// Limits of an extraction.
  package struct Limits: Sendable {
    /// The largest number of bytes of all elements together. Uncompressed elements take fewer bytes
    /// than their file, unless the file has many names for one dataset.
    package var bytes: Int
    package var objects = 1 << 16
    package var depth = 8

    package init(bytes: Int) {
      self.bytes = bytes
    }
  }

  /// Extracts the contents of a file from its bytes, user block included.
  ///
  /// *Throws:* `HDF5Error` for a problem with the file as a whole. A problem with one of its objects is
  /// noted in the contents.
  package static func extract(from file: [UInt8], _ limits: Limits) throws(HDF5Error) -> Group {
    let opened = try HDF5File(bytes: file)
    var extraction = Extraction(limits: limits)
    return try extraction.contents(of: try opened.root(), depth: 0)
  }

  private struct Extraction {
    var limits: Limits

    mutating func contents(
      of group: borrowing HDF5Group, depth: Int
    ) throws(HDF5Error) -> Group {
      var contents = Group(path: group.path, attributes: [:], members: [:])
      for name in try group.attributeNames() {
        contents.attributes[name] = attribute(name, of: group)
      }
      for link in try group.links() {
        limits.objects -= 1
        guard limits.objects >= 0 else {
          throw .unsuitable(object: "/", problem: "has too many objects")
        }
        guard contents.members[link.name] == nil else {
          throw .unsuitable(object: group.path(of: link.name), problem: "duplicate name")
        }
        contents.members[link.name] =
          link.kind == .hard ? try node(link.name, in: group, depth: depth + 1) : .link(link.kind)
      }
      return contents
    }

    private mutating func node(
      _ name: String, in group: borrowing HDF5Group, depth: Int
    ) throws(HDF5Error) -> Node {
      let kind: HDF5ObjectKind
      do { kind = try group.kind(of: name) } catch { return .unreadable("\(error)") }
      switch kind {
      case .group:
        guard depth < limits.depth else { return .unreadable("nested too deeply") }
        return .group(try contents(of: try group.group(name), depth: depth))
      case .dataset:
        do { return .dataset(try dataset(name, in: group)) } catch {
          return .unreadable(Self.problem(error))
        }
      case .other:
        return .unreadable("neither a group nor a dataset")
      }
    }

    private mutating func dataset(
      _ name: String, in group: borrowing HDF5Group
    ) throws(HDF5Error) -> Dataset {
      let dataset = try group.dataset(name)
      var contents = Dataset(
        path: dataset.path, shape: dataset.shape, type: dataset.storedType,
        attributes: try dataset.attributeNames(), bytes: [])
      do throws(HDF5Error) {
        try dataset.requirePlainStorage()
        contents.bytes = try dataset.readBytes(maximumBytes: limits.bytes)
        limits.bytes -= contents.bytes.count
      } catch { contents.problem = Self.problem(error) }
      return contents
    }

    private func attribute(_ name: String, of group: borrowing HDF5Group) -> Attribute {
      do throws(HDF5Error) {
        return try group.attributeContents(name)
      } catch { return .unreadable(Self.problem(error)) }
    }

    private static func problem(_ error: HDF5Error) -> String {
      if case .unsuitable(_, let problem) = error { problem } else { "\(error)" }
    }
  }
}

/// Returns the names of an object's attributes.
func attributeNames(of object: hid_t, _ path: String) throws(HDF5Error) -> [String] {
  let maximumCount = 256
  let count = try HDF5Library.call("count the attributes of '\(path)'") {
    chdf5_attribute_count(object)
  }
  guard count <= maximumCount else {
    throw .unsuitable(object: path, problem: "has more than \(maximumCount) attributes")
  }
  var names: [String] = []
  for index in 0..<hsize_t(count) {
    var bytes = [CChar](repeating: 0, count: 1025)
    let length = try HDF5Library.call("read a name of an attribute of '\(path)'") {
      H5Aget_name_by_idx(
        object, ".", H5_INDEX_NAME, H5_ITER_INC, index, &bytes, bytes.count, chdf5_default())
    }
    guard length < bytes.count,
      let name = String(
        validating: bytes[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
    else {
      throw .unsuitable(object: path, problem: "has an attribute whose name cannot be read")
    }
    names.append(name)
  }
  return names
}
