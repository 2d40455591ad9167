internal import CHDF5

/// A dataset of an open file. Its shape and type are known before any element is read.
package struct HDF5Dataset: ~Copyable {
  let handle: Handle
  package let path: String
  /// The extents; empty for a scalar.
  package let shape: [Int]
  /// The number of elements: the product of `shape`.
  package let count: Int
  let storedType: StoredType

  /// The most dimensions that are read where a file is not any program's.
  package static let maximumRank = 8
  /// The most dimensions that HDF5 has.
  static let greatestRank = 32

  init(
    taking object: consuming Handle, path: String, maximumRank: Int = maximumRank
  ) throws(HDF5Error) {
    let id = object.id
    let kind = try HDF5Library.call("open dataset '\(path)'") { H5Iget_type(id).rawValue }
    guard H5I_type_t(kind) == H5I_DATASET else {
      throw .unsuitable(object: path, problem: "not a dataset")
    }
    let shape = try Self.shape(of: id, path, maximumRank: maximumRank)
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw .unsuitable(object: path, problem: "too large") }
      count = product
    }
    let type = try Handle("read the type of '\(path)'") { H5Dget_type(id) }
    storedType = try StoredType(type, path)
    self.path = path
    self.shape = shape
    self.count = count
    handle = object
  }

  private static func shape(
    of id: hid_t, _ path: String, maximumRank: Int
  ) throws(HDF5Error) -> [Int] {
    let space = try Handle("read the shape of '\(path)'") { H5Dget_space(id) }
    let kind = try HDF5Library.call("read the shape of '\(path)'") {
      H5Sget_simple_extent_type(space.id).rawValue
    }
    guard H5S_class_t(kind) != H5S_NULL else {
      throw .unsuitable(object: path, problem: "has no elements")
    }
    let rank = try HDF5Library.call("read the shape of '\(path)'") {
      H5Sget_simple_extent_ndims(space.id)
    }
    guard rank <= maximumRank else {
      throw .unsuitable(object: path, problem: "has \(rank) dimensions, more than \(maximumRank)")
    }
    var extents = [hsize_t](repeating: 0, count: Int(rank))
    try HDF5Library.call("read the shape of '\(path)'") {
      H5Sget_simple_extent_dims(space.id, &extents, nil)
    }
    var shape: [Int] = []
    for extent in extents {
      guard let extent = Int(exactly: extent) else {
        throw .unsuitable(object: path, problem: "too large")
      }
      shape.append(extent)
    }
    return shape
  }

  /// The number type in the file; nil for any that `HDF5ElementType` does not name.
  package var elementType: HDF5ElementType? {
    if case .number(let type) = storedType { type } else { nil }
  }

  /// Throws unless the elements are one plain, complete run of bytes in the file itself: contiguous or
  /// compact, no external file, no filter.
  package func requirePlainStorage() throws(HDF5Error) {
    guard storedType.size > 0 else { throw .unsuitable(object: path, problem: "\(storedType)") }
    let creation = try Handle("read the layout of '\(path)'") { H5Dget_create_plist(handle.id) }
    let layout = try HDF5Library.call("read the layout of '\(path)'") {
      H5Pget_layout(creation.id).rawValue
    }
    guard [H5D_CONTIGUOUS, H5D_COMPACT].contains(H5D_layout_t(layout)) else {
      throw .unsuitable(object: path, problem: "neither contiguous nor compact")
    }
    let files = try HDF5Library.call("read the layout of '\(path)'") {
      H5Pget_external_count(creation.id)
    }
    guard files == 0 else {
      throw .unsuitable(object: path, problem: "its elements are in another file")
    }
    let filters = try HDF5Library.call("read the filters of '\(path)'") {
      H5Pget_nfilters(creation.id)
    }
    guard filters == 0 else { throw .unsuitable(object: path, problem: "filtered") }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: storedType.size)
    guard !overflow else { throw .unsuitable(object: path, problem: "too large") }
    let stored = try HDF5Library.call("measure '\(path)'") {
      Int64(clamping: H5Dget_storage_size(handle.id))
    }
    guard stored == bytes else {
      throw .unsuitable(
        object: path, problem: "\(stored) bytes in the file, expected \(bytes) for its shape")
    }
  }

  /// Returns all elements, row-major.
  ///
  /// *Throws:* `HDF5Error.unsuitable` for a number type other than `Element`'s, and for more than
  /// `maximumBytes`, before memory is taken.
  package func read<Element: HDF5Element>(
    _: Element.Type, maximumBytes: Int
  ) throws(HDF5Error) -> [Element] {
    guard elementType == Element.hdf5Type else {
      throw .unsuitable(object: path, problem: "\(storedType), not \(Element.hdf5Type.rawValue)")
    }
    guard count <= maximumBytes / Element.hdf5Type.size else {
      throw .unsuitable(object: path, problem: "too large")
    }
    var values = [Element](repeating: 0, count: count)
    guard count > 0 else { return values }
    try HDF5Library.call("read dataset '\(path)'") {
      values.withUnsafeMutableBytes {
        H5Dread(
          handle.id, Element.hdf5Type.native, chdf5_all(), chdf5_all(), chdf5_default(),
          $0.baseAddress)
      }
    }
    return values
  }

  /// Returns the bytes of all elements, row-major: numbers in the machine's format, texts as stored.
  ///
  /// *Throws:* `HDF5Error.unsuitable` for other types, and for more than `maximumBytes`, before memory is
  /// taken.
  func readBytes(maximumBytes: Int) throws(HDF5Error) -> [UInt8] {
    guard storedType.size > 0, count <= maximumBytes / storedType.size else {
      throw .unsuitable(object: path, problem: "too large")
    }
    var bytes = [UInt8](repeating: 0, count: count * storedType.size)
    guard !bytes.isEmpty else { return bytes }
    let type = try Handle("read the type of '\(path)'") { H5Dget_type(handle.id) }
    let native = elementType
    try HDF5Library.call("read dataset '\(path)'") {
      bytes.withUnsafeMutableBytes {
        H5Dread(
          handle.id, native?.native ?? type.id, chdf5_all(), chdf5_all(), chdf5_default(),
          $0.baseAddress)
      }
    }
    return bytes
  }

  func attributeNames() throws(HDF5Error) -> [String] {
    try HDF5.attributeNames(of: handle.id, path)
  }

  /// Returns the text of a scalar dataset with a string type of fixed length.
  package func readText(maximumBytes: Int) throws(HDF5Error) -> String {
    guard case .text(let size) = storedType, shape.isEmpty else {
      throw .unsuitable(object: path, problem: "\(storedType), not one text of fixed length")
    }
    guard size <= maximumBytes else { throw .unsuitable(object: path, problem: "too large") }
    let type = try Handle("read the type of '\(path)'") { H5Dget_type(handle.id) }
    var bytes = [UInt8](repeating: 0, count: size)
    try HDF5Library.call("read dataset '\(path)'") {
      bytes.withUnsafeMutableBytes {
        H5Dread(handle.id, type.id, chdf5_all(), chdf5_all(), chdf5_default(), $0.baseAddress)
      }
    }
    return try decodedText(bytes, path)
  }
}
