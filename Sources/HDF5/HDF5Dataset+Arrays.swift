internal import CHDF5
internal import Glibc

extension HDF5Dataset {
  /// The longest text that is read, in bytes.
  private static let longestText = 4096

  /// Describes the dataset.
  func arrayDescription(path: String) throws(HDF5Error) -> HDF5Array {
    let type = try Handle("read the type of '\(path)'") { H5Dget_type(handle.id) }
    let kind = try HDF5Library.call("read the type of '\(path)'") { H5Tget_class(type.id).rawValue }
    let size = try HDF5Library.call("read the type of '\(path)'") {
      Int64(clamping: H5Tget_size(type.id))
    }
    var array = HDF5Array(path: path, shape: shape, type: "", element: .uint8)
    switch H5T_class_t(kind) {
    case H5T_INTEGER, H5T_ENUM:
      // An enumeration, such as h5py's bool, counts as its numbers.
      var isSigned = H5T_class_t(kind) == H5T_ENUM
      if !isSigned {
        let sign = try HDF5Library.call("read the type of '\(path)'") {
          Int64(H5Tget_sign(type.id).rawValue)
        }
        isSigned = sign > 0
      }
      array.type = "\(isSigned ? "int" : "uint")\(size * 8)"
      guard let element = HDF5Array.Element(rawValue: array.type) else {
        array.problem = "it holds integers of \(size) bytes"
        return array
      }
      array.element = element
    case H5T_FLOAT:
      array.type = "float\(size * 8)"
      array.element = size <= 4 ? .float32 : .float64
    case H5T_STRING:
      array.type = "text"
      array.element = .text
      let isVariable = try HDF5Library.call("read the type of '\(path)'") {
        H5Tis_variable_str(type.id)
      }
      if isVariable <= 0, size > Self.longestText {
        array.problem = "it holds texts of \(size) bytes"
      }
    default:
      array.type = "other"
      array.problem = "it holds neither numbers nor texts"
    }
    if array.problem == nil { array.problem = try storageProblem(elementSize: Int(size)) }
    return array
  }

  /// The reason why the elements are not in the file; nil if they are.
  private func storageProblem(elementSize: Int) throws(HDF5Error) -> String? {
    let creation = try Handle("read the layout of '\(path)'") { H5Dget_create_plist(handle.id) }
    let layout = try HDF5Library.call("read the layout of '\(path)'") {
      H5Pget_layout(creation.id).rawValue
    }
    if H5D_layout_t(layout) == H5D_VIRTUAL {
      return "it is virtual: its elements are in other files; copy it into one file"
    }
    let files = try HDF5Library.call("read the layout of '\(path)'") {
      H5Pget_external_count(creation.id)
    }
    guard files == 0 else { return "its elements are in another file; copy it into one file" }
    let stored = try HDF5Library.call("measure '\(path)'") {
      Int64(clamping: H5Dget_storage_size(handle.id))
    }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: max(1, elementSize))
    // Deflate makes at most 1032 bytes of one.
    guard !overflow, Int64(bytes) / 1100 <= stored, stored > 0 || bytes == 0 else {
      return "its elements were never written, or most of them"
    }
    return nil
  }

  /// The number of rows in a chunk; 1 for other layouts.
  private func rowsOfChunk() throws(HDF5Error) -> Int {
    let creation = try Handle("read the layout of '\(path)'") { H5Dget_create_plist(handle.id) }
    let layout = try HDF5Library.call("read the layout of '\(path)'") {
      H5Pget_layout(creation.id).rawValue
    }
    guard H5D_layout_t(layout) == H5D_CHUNKED else { return 1 }
    var extents = [hsize_t](repeating: 0, count: Self.maximumRank)
    try HDF5Library.call("read the layout of '\(path)'") {
      H5Pget_chunk(creation.id, Int32(extents.count), &extents)
    }
    return Int(clamping: max(1, extents[0]))
  }

  /// Reads whole chunks of rows at a time, so that no chunk is unpacked twice.
  func readParts(
    of array: HDF5Array, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    guard count > 0 else { return }
    let rows = shape.first ?? 1
    let width = count / rows
    let chunk = min(rows, try rowsOfChunk())
    let target = max(1, (1 << 18) / (width * max(8, array.element.size)))
    let step = min(rows, chunk * max(1, target / chunk))
    var row = 0
    while row < rows {
      let part = min(step, rows - row)
      try readRows(row, part, width: width, array, body)
      row += part
    }
  }

  private func readRows(
    _ first: Int, _ rows: Int, width: Int, _ array: HDF5Array,
    _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let space = try Handle("read the shape of '\(path)'") { H5Dget_space(handle.id) }
    // The same shape in memory: with another one libhdf5 goes element by element.
    let extents = shape.isEmpty ? [1] : [hsize_t(rows)] + shape.dropFirst().map { hsize_t($0) }
    if !shape.isEmpty {
      let start = [hsize_t(first)] + [hsize_t](repeating: 0, count: shape.count - 1)
      try HDF5Library.call("select rows of '\(path)'") {
        H5Sselect_hyperslab(space.id, H5S_SELECT_SET, start, nil, extents, nil)
      }
    }
    let memory = try Handle("make room for '\(path)'") {
      H5Screate_simple(Int32(extents.count), extents, nil)
    }
    if array.element == .text {
      let texts = try texts(rows * width, space, memory)
      try texts.withUnsafeBytes(body)
      return
    }
    let size = array.element.size
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: rows * width * size, alignment: 16)
    defer { buffer.deallocate() }
    let type = try Handle("choose a type for '\(path)'") {
      switch array.element {
      case .float32: H5Tcopy(chdf5_native_float32())
      case .float64: H5Tcopy(chdf5_native_float64())
      default: H5Tcopy(chdf5_native_integer(size, array.element.rawValue.hasPrefix("i") ? 1 : 0))
      }
    }
    try HDF5Library.call("read dataset '\(path)'") {
      H5Dread(
        handle.id, type.id, memory.id, space.id, chdf5_default(), buffer.baseAddress)
    }
    try body(UnsafeRawBufferPointer(buffer))
  }

  /// Reads texts of fixed or variable length, each as its length and its bytes.
  private func texts(
    _ count: Int, _ space: borrowing Handle, _ memory: borrowing Handle
  ) throws(HDF5Error) -> [UInt8] {
    let type = try Handle("read the type of '\(path)'") { H5Dget_type(handle.id) }
    let isVariable = try HDF5Library.call("read the type of '\(path)'") {
      H5Tis_variable_str(type.id)
    }
    guard isVariable > 0 else { return try fixedTexts(count, space, memory, type) }
    var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
    try HDF5Library.call("read dataset '\(path)'") {
      pointers.withUnsafeMutableBytes {
        H5Dread(handle.id, type.id, memory.id, space.id, chdf5_default(), $0.baseAddress)
      }
    }
    var texts: [UInt8] = []
    var isTooLong = false
    for pointer in pointers {
      let length = pointer.map { strnlen($0, Self.longestText + 1) } ?? 0
      isTooLong = isTooLong || length > Self.longestText
      let bytes = UnsafeRawBufferPointer(start: pointer, count: min(length, Self.longestText))
      Self.append(bytes, to: &texts)
    }
    try HDF5Library.call("free the texts of '\(path)'") {
      pointers.withUnsafeMutableBytes {
        H5Dvlen_reclaim(type.id, memory.id, chdf5_default(), $0.baseAddress)
      }
    }
    if isTooLong {
      throw .unsuitable(
        object: path, problem: "has a text of more than \(Self.longestText) bytes")
    }
    return texts
  }

  private func fixedTexts(
    _ count: Int, _ space: borrowing Handle, _ memory: borrowing Handle, _ type: borrowing Handle
  ) throws(HDF5Error) -> [UInt8] {
    let size = try HDF5Library.call("read the type of '\(path)'") {
      Int64(clamping: H5Tget_size(type.id))
    }
    guard size > 0, size <= Self.longestText else {
      throw .unsuitable(object: path, problem: "it holds texts of \(size) bytes")
    }
    var bytes = [UInt8](repeating: 0, count: count * Int(size))
    try HDF5Library.call("read dataset '\(path)'") {
      bytes.withUnsafeMutableBytes {
        H5Dread(handle.id, type.id, memory.id, space.id, chdf5_default(), $0.baseAddress)
      }
    }
    var texts: [UInt8] = []
    bytes.withUnsafeBytes { bytes in
      for start in stride(from: 0, to: bytes.count, by: Int(size)) {
        let element = bytes[start..<start + Int(size)]
        let end = element.firstIndex(of: 0) ?? element.endIndex
        Self.append(UnsafeRawBufferPointer(rebasing: element[..<end]), to: &texts)
      }
    }
    return texts
  }

  private static func append(_ text: UnsafeRawBufferPointer, to texts: inout [UInt8]) {
    withUnsafeBytes(of: UInt32(text.count).littleEndian) { texts.append(contentsOf: $0) }
    texts.append(contentsOf: text)
  }
}
