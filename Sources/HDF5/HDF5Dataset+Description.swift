internal import CHDF5

extension HDF5Dataset {
  /// The longest text that is read, in bytes.
  static let longestText = 1 << 24
  /// The most bytes of a virtual dataset's elements, which are put together in memory.
  static let largestVirtual = 1 << 30

  /// Describes the dataset.
  func arrayDescription(path: String) throws(HDF5Error) -> HDF5Array {
    let type = try Handle("read the type of '\(path)'") { H5Dget_type(handle.id) }
    let size = try type.typeSize(path)
    var array = HDF5Array(path: path, shape: shape, type: "", element: .uint8)
    try describe(type, size, in: &array)
    if array.problem == nil { try describeStorage(elementSize: size, in: &array) }
    if array.problem == nil, array.element != .text {
      array.offset = try plainOffset(type, array)
    }
    return array
  }

  // MARK: Types

  private func describe(
    _ type: borrowing Handle, _ size: Int, in array: inout HDF5Array
  ) throws(HDF5Error) {
    switch try type.typeClass(path) {
    case H5T_INTEGER: try describeIntegers(type, size, in: &array)
    case H5T_ENUM:
      if try type.isTruth(path) {
        (array.type, array.element) = ("bool", .bool)
      } else {
        // The names of the numbers are not read.
        let base = try Handle("read the type of '\(path)'") { H5Tget_super(type.id) }
        try describeIntegers(base, size, in: &array)
      }
    case H5T_FLOAT:
      let exact = try type.floatElement(path)
      array.type = exact?.rawValue ?? "float\(size * 8)"
      array.element = exact ?? (size <= 4 ? .float32 : .float64)
      array.isConverted = exact == nil
    case H5T_STRING:
      (array.type, array.element) = ("text", .text)
      let isVariable = try type.isVariableText(path)
      if !isVariable, size > Self.longestText { array.problem = "it holds texts of \(size) bytes" }
    case H5T_COMPOUND:
      if let element = try type.complexElement(path) {
        (array.type, array.element) = (element.rawValue, element)
      } else {
        (array.type, array.problem) = ("records", "it holds records of several fields")
      }
    case let other: (array.type, array.problem) = Self.unread(other)
    }
  }

  private func describeIntegers(
    _ type: borrowing Handle, _ size: Int, in array: inout HDF5Array
  ) throws(HDF5Error) {
    array.type = "\(try type.isSigned(path) ? "int" : "uint")\(size * 8)"
    guard let element = HDF5Array.Element(rawValue: array.type) else {
      array.problem = "it holds integers of \(size) bytes"
      return
    }
    array.element = element
  }

  /// The name of a type that is not read, and the reason.
  private static func unread(_ kind: H5T_class_t) -> (type: String, problem: String) {
    switch kind {
    case H5T_VLEN: ("sequences", "it holds sequences of variable length")
    case H5T_ARRAY: ("arrays", "each of its elements is an array")
    case H5T_REFERENCE: ("references", "it holds references to other objects")
    case H5T_OPAQUE: ("opaque", "it holds bytes whose meaning HDF5 does not know")
    case H5T_BITFIELD: ("bits", "it holds fields of bits")
    case H5T_TIME: ("times", "it holds times")
    default: ("other", "it holds neither numbers nor texts")
    }
  }

  // MARK: Storage

  /// Sets the reason why the elements are not in the file, or the other files that have them.
  private func describeStorage(
    elementSize: Int, in array: inout HDF5Array
  ) throws(HDF5Error) {
    let creation = try Handle("read the layout of '\(path)'") { H5Dget_create_plist(handle.id) }
    let layout = try HDF5Library.call("read the layout of '\(path)'") {
      H5Pget_layout(creation.id).rawValue
    }
    if H5D_layout_t(layout) == H5D_VIRTUAL {
      array.isVirtual = true
      do throws(HDF5Error) { array.sources = try virtualSources(creation, array) } catch {
        guard case .unsuitable(_, let problem) = error else { throw error }
        array.problem = problem
      }
      return
    }
    let files = try HDF5Library.call("read the layout of '\(path)'") {
      H5Pget_external_count(creation.id)
    }
    guard files == 0 else {
      array.problem = "its elements are in another file; copy it into one file"
      return
    }
    array.problem = try unwrittenProblem(
      creation, H5D_layout_t(layout), elementSize: elementSize)
  }

  /// The reason why elements that were never written have no value; nil if there is none.
  private func unwrittenProblem(
    _ creation: borrowing Handle, _ layout: H5D_layout_t, elementSize: Int
  ) throws(HDF5Error) -> String? {
    let unwritten = "its elements were never written, or most of them"
    let stored = try HDF5Library.call("measure '\(path)'") {
      Int64(clamping: H5Dget_storage_size(handle.id))
    }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: max(1, elementSize))
    guard !overflow, stored > 0 || bytes == 0 else { return unwritten }
    guard layout == H5D_CHUNKED, count > 0 else { return nil }
    let chunks = try chunkCounts(creation)
    guard chunks.written < chunks.all else { return nil }
    // Elements that were not written have the fill value, if there is one. Deflate packs at most
    // 1032 bytes into one: a file with less than that holds almost nothing but fill values.
    guard Int64(bytes) / 1100 <= stored else { return unwritten }
    let hasFill = try HDF5Library.call("read the fill value of '\(path)'") {
      chdf5_fills(creation.id)
    }
    return hasFill > 0
      ? nil : "\(chunks.all - chunks.written) of its \(chunks.all) chunks were never written"
  }

  /// The number of chunks that the shape needs, and of those that the file has.
  private func chunkCounts(
    _ creation: borrowing Handle
  ) throws(HDF5Error) -> (all: Int, written: Int) {
    let space = try Handle("read the shape of '\(path)'") { H5Dget_space(handle.id) }
    var written: hsize_t = 0
    try HDF5Library.call("count the chunks of '\(path)'") {
      H5Dget_num_chunks(handle.id, space.id, &written)
    }
    var all = 1
    for (extent, chunk) in zip(shape, try chunkShape(creation)) {
      let (product, overflow) = all.multipliedReportingOverflow(
        by: extent / chunk + (extent % chunk == 0 ? 0 : 1))
      guard !overflow else { throw .unsuitable(object: path, problem: "has too many chunks") }
      all = product
    }
    return (all, Int(clamping: written))
  }

  /// The extents of a chunk, each at least 1; those of one element for other layouts.
  func chunkShape(_ creation: borrowing Handle) throws(HDF5Error) -> [Int] {
    let layout = try HDF5Library.call("read the layout of '\(path)'") {
      H5Pget_layout(creation.id).rawValue
    }
    guard H5D_layout_t(layout) == H5D_CHUNKED else { return shape.map { _ in 1 } }
    var extents = [hsize_t](repeating: 1, count: shape.count)
    let rank = try HDF5Library.call("read the layout of '\(path)'") {
      H5Pget_chunk(creation.id, Int32(extents.count), &extents)
    }
    guard Int(rank) == shape.count else {
      throw .unsuitable(object: path, problem: "has chunks of another shape")
    }
    return extents.map { max(1, Int(clamping: $0)) }
  }

  /// The place of elements that are one run of bytes in the file exactly as they are delivered; nil for
  /// others.
  private func plainOffset(
    _ type: borrowing Handle, _ array: HDF5Array
  ) throws(HDF5Error) -> Int? {
    guard !array.isVirtual, !array.isConverted, count > 0 else { return nil }
    let creation = try Handle("read the layout of '\(path)'") { H5Dget_create_plist(handle.id) }
    let layout = try HDF5Library.call("read the layout of '\(path)'") {
      H5Pget_layout(creation.id).rawValue
    }
    guard H5D_layout_t(layout) == H5D_CONTIGUOUS else { return nil }
    let delivered = try array.element.memoryType(path)
    // A truth value is a byte in both; as types an enumeration and an integer differ.
    let isSame =
      array.element == .bool
      ? 1
      : try HDF5Library.call("read the type of '\(path)'") { H5Tequal(type.id, delivered.id) }
    let stored = try HDF5Library.call("measure '\(path)'") {
      Int64(clamping: H5Dget_storage_size(handle.id))
    }
    let offset = try HDF5Library.call("find '\(path)'") { chdf5_offset(handle.id) }
    guard isSame > 0, stored == count * array.element.size, offset > 0 else { return nil }
    return Int(offset)
  }
}
