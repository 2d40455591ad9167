/// The contents of an HDF5 file as plain values. The process in which libhdf5 reads the file sends
/// them to a process that does not trust it.
package enum HDF5Contents {
  package enum Node: Sendable, Hashable {
    case group(Group)
    case dataset(Dataset)
    /// A soft, external or user-defined link; it is not followed.
    case link(HDF5Link.Kind)
    /// An object that is neither a group nor a dataset, or that exceeds a limit; with the reason.
    case unreadable(String)
  }

  package struct Group: Sendable, Hashable {
    package var path: String
    package var attributes: [String: Attribute]
    package var members: [String: Node]
  }

  package struct Dataset: Sendable, Hashable {
    package var path: String
    /// The extents; empty for a scalar.
    package var shape: [Int]
    var type: StoredType
    package var attributes: [String]
    /// The elements in the machine's byte order, row-major; empty if they were not read.
    package var bytes: [UInt8]
    /// The reason why the elements were not read; nil if they were.
    var problem: String?
  }

  package enum Attribute: Sendable, Hashable {
    case number(HDF5ElementType, bytes: [UInt8])
    case text(String)
    case unreadable(String)
  }
}

extension HDF5Contents.Group {
  /// Returns the path of a member, for messages.
  package func path(of name: String) -> String { path == "/" ? "/\(name)" : "\(path)/\(name)" }

  package func group(_ name: String) throws(HDF5Error) -> HDF5Contents.Group {
    guard case .group(let group) = try member(name) else {
      throw .unsuitable(object: path(of: name), problem: "not a group")
    }
    return group
  }

  package func dataset(_ name: String) throws(HDF5Error) -> HDF5Contents.Dataset {
    guard case .dataset(let dataset) = try member(name) else {
      throw .unsuitable(object: path(of: name), problem: "not a dataset")
    }
    return dataset
  }

  private func member(_ name: String) throws(HDF5Error) -> HDF5Contents.Node {
    switch members[name] {
    case nil: throw .unsuitable(object: path(of: name), problem: "missing")
    case .link: throw .unsuitable(object: path(of: name), problem: "not a hard link")
    case .unreadable(let problem): throw .unsuitable(object: path(of: name), problem: problem)
    case .some(let node): return node
    }
  }

  package func hasAttribute(_ name: String) -> Bool { attributes[name] != nil }

  /// Returns the value of a scalar attribute of exactly the type `Element`.
  package func attribute<Element: HDF5Element>(
    _ name: String, _: Element.Type
  ) throws(HDF5Error) -> Element {
    guard case .number(let type, let bytes) = try attribute(name), type == Element.hdf5Type,
      let value = elements(bytes, Element.self).first
    else {
      throw .unsuitable(
        object: attributePath(name), problem: "not one number of type \(Element.hdf5Type.rawValue)")
    }
    return value
  }

  /// Returns the text of a scalar attribute with a string type of fixed length.
  package func textAttribute(_ name: String) throws(HDF5Error) -> String {
    guard case .text(let text) = try attribute(name) else {
      throw .unsuitable(object: attributePath(name), problem: "not a text of fixed length")
    }
    return text
  }

  private func attribute(_ name: String) throws(HDF5Error) -> HDF5Contents.Attribute {
    switch attributes[name] {
    case nil: throw .unsuitable(object: attributePath(name), problem: "missing")
    case .unreadable(let problem): throw .unsuitable(object: attributePath(name), problem: problem)
    case .some(let attribute): return attribute
    }
  }

  private func attributePath(_ name: String) -> String { "attribute '\(name)' of \(path)" }
}

extension HDF5Contents.Dataset {
  /// Throws if the elements were not read.
  package func requirePlainStorage() throws(HDF5Error) {
    if let problem { throw .unsuitable(object: path, problem: problem) }
  }

  /// Returns all elements, row-major.
  ///
  /// *Throws:* `HDF5Error.unsuitable` for a number type other than `Element`'s.
  package func numbers<Element: HDF5Element>(_: Element.Type) throws(HDF5Error) -> [Element] {
    try requirePlainStorage()
    guard type == .number(Element.hdf5Type) else {
      throw .unsuitable(object: path, problem: "\(type), not \(Element.hdf5Type.rawValue)")
    }
    let values = elements(bytes, Element.self)
    guard values.count == shape.reduce(1, { $0.multipliedReportingOverflow(by: $1).partialValue })
    else { throw .unsuitable(object: path, problem: "incomplete") }
    return values
  }

  /// Returns the text of a scalar dataset with a string type of fixed length.
  package func text() throws(HDF5Error) -> String {
    try requirePlainStorage()
    guard case .text(let size) = type, shape.isEmpty, bytes.count == size else {
      throw .unsuitable(object: path, problem: "\(type), not one text of fixed length")
    }
    return try decodedText(bytes, path)
  }
}

/// Returns the numbers in `bytes`. An incomplete one at the end is left out.
private func elements<Element: HDF5Element>(_ bytes: [UInt8], _: Element.Type) -> [Element] {
  let count = bytes.count / Element.hdf5Type.size
  var values = [Element](repeating: 0, count: count)
  values.withUnsafeMutableBytes { target in
    bytes.withUnsafeBytes {
      target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<target.count]))
    }
  }
  return values
}
