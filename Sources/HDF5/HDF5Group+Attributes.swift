internal import CHDF5

extension HDF5Group {
  package func hasAttribute(_ name: String) throws(HDF5Error) -> Bool {
    try HDF5Library.call("look for attribute '\(name)' of '\(path)'") {
      H5Aexists(handle.id, name)
    } > 0
  }

  package func removeAttribute(_ name: String) throws(HDF5Error) {
    try HDF5Library.call("remove attribute '\(name)' of '\(path)'") {
      H5Adelete(handle.id, name)
    }
  }

  /// Returns the value of a scalar attribute of exactly the type `Element`.
  package func attribute<Element: HDF5Element>(
    _ name: String, _: Element.Type
  ) throws(HDF5Error) -> Element {
    let object = attributePath(name)
    let attribute = try openAttribute(name)
    let type = try StoredType(try Self.type(of: attribute, object), object)
    guard type == .number(Element.hdf5Type) else {
      throw .unsuitable(object: object, problem: "\(type), not \(Element.hdf5Type.rawValue)")
    }
    var value: Element = 0
    try HDF5Library.call("read \(object)") {
      withUnsafeMutableBytes(of: &value) {
        H5Aread(attribute.id, Element.hdf5Type.native, $0.baseAddress)
      }
    }
    return value
  }

  /// Returns the text of a scalar attribute with a string type of fixed length.
  package func textAttribute(_ name: String) throws(HDF5Error) -> String {
    let object = attributePath(name)
    let attribute = try openAttribute(name)
    let type = try Self.type(of: attribute, object)
    // An attribute is stored in its object's header, in less than 64 KB.
    guard case .text(let size) = try StoredType(type, object), size < 1 << 16 else {
      throw .unsuitable(object: object, problem: "not a text of fixed length")
    }
    var bytes = [UInt8](repeating: 0, count: size)
    try HDF5Library.call("read \(object)") {
      bytes.withUnsafeMutableBytes { H5Aread(attribute.id, type.id, $0.baseAddress) }
    }
    return try decodedText(bytes, object)
  }

  func attributeNames() throws(HDF5Error) -> [String] {
    try HDF5.attributeNames(of: handle.id, path)
  }

  /// Returns the value of an attribute of any type that is read.
  func attributeContents(_ name: String) throws(HDF5Error) -> HDF5Contents.Attribute {
    let object = attributePath(name)
    let attribute = try openAttribute(name)
    let type = try Self.type(of: attribute, object)
    switch try StoredType(type, object) {
    case .number(let number):
      var bytes = [UInt8](repeating: 0, count: number.size)
      try HDF5Library.call("read \(object)") {
        bytes.withUnsafeMutableBytes { H5Aread(attribute.id, number.native, $0.baseAddress) }
      }
      return .number(number, bytes: bytes)
    case .text: return .text(try textAttribute(name))
    case .other, .real: return .unreadable("of a type that is not read here")
    }
  }

  private func attributePath(_ name: String) -> String { "attribute '\(name)' of \(path)" }

  private func openAttribute(_ name: String) throws(HDF5Error) -> Handle {
    let object = attributePath(name)
    guard try hasAttribute(name) else { throw .unsuitable(object: object, problem: "missing") }
    let attribute = try Handle("open \(object)") { H5Aopen(handle.id, name, chdf5_default()) }
    let space = try Handle("read the shape of \(object)") { H5Aget_space(attribute.id) }
    let kind = try HDF5Library.call("read the shape of \(object)") {
      H5Sget_simple_extent_type(space.id).rawValue
    }
    guard H5S_class_t(kind) == H5S_SCALAR else {
      throw .unsuitable(object: object, problem: "not one value")
    }
    return attribute
  }

  private static func type(
    of attribute: borrowing Handle, _ object: String
  ) throws(HDF5Error) -> Handle {
    let id = attribute.id
    return try Handle("read the type of \(object)") { H5Aget_type(id) }
  }
}
