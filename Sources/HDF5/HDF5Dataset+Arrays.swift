internal import CHDF5
internal import Glibc

extension HDF5Dataset {
  /// The most bytes of elements that are read at once. A chunk that is larger is unpacked more than once.
  private static let largestPart = 1 << 28

  /// A part of a dataset: along each dimension its first place and its extent.
  struct Part {
    var start: [Int]
    var extents: [Int]

    var count: Int { extents.reduce(1, *) }
  }

  /// Calls `body` with the elements, row-major: whole chunks at a time, so that no chunk is unpacked
  /// twice, unless they have more than `largestPart` bytes.
  func readParts(
    of array: HDF5Array, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    guard count > 0 else { return }
    let type = try Handle("read the type of '\(path)'") { H5Dget_type(handle.id) }
    let size = array.element == .text ? max(16, try type.typeSize(path)) : array.element.size
    let creation = try Handle("read the layout of '\(path)'") { H5Dget_create_plist(handle.id) }
    let chunk = try chunkShape(creation)
    guard !shape.isEmpty else {
      return try read(Part(start: [], extents: []), array, type, body)
    }
    // Everything after the divided dimension is read whole, and before it one place after the other.
    var widths = [Int](repeating: size, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      let (width, overflow) = widths[axis + 1].multipliedReportingOverflow(by: shape[axis + 1])
      guard !overflow else { throw HDF5Error.unsuitable(object: path, problem: "too large") }
      widths[axis] = width
    }
    let axis =
      shape.indices.first { min(chunk[$0], shape[$0]) <= Self.largestPart / widths[$0] }
      ?? shape.count - 1
    let rows = max(1, min(chunk[axis], shape[axis], Self.largestPart / widths[axis]))
    let step = min(shape[axis], rows * max(1, (1 << 18) / (rows * widths[axis])))
    var part = Part(
      start: shape.map { _ in 0 },
      extents: [Int](repeating: 1, count: axis) + [step] + shape[(axis + 1)...])
    repeat {
      part.extents[axis] = min(step, shape[axis] - part.start[axis])
      try read(part, array, type, body)
    } while advance(&part, axis)
  }

  /// Returns false at the end.
  private func advance(_ part: inout Part, _ divided: Int) -> Bool {
    var axis = divided
    part.start[axis] += part.extents[axis]
    while part.start[axis] == shape[axis] {
      guard axis > 0 else { return false }
      part.start[axis] = 0
      axis -= 1
      part.start[axis] += 1
    }
    return true
  }

  private func read(
    _ part: Part, _ array: HDF5Array, _ type: borrowing Handle,
    _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let space = try Handle("read the shape of '\(path)'") { H5Dget_space(handle.id) }
    // The same shape in memory: with another one libhdf5 goes element by element.
    let extents = part.extents.isEmpty ? [1] : part.extents.map { hsize_t($0) }
    if !part.extents.isEmpty {
      try HDF5Library.call("select a part of '\(path)'") {
        H5Sselect_hyperslab(
          space.id, H5S_SELECT_SET, part.start.map { hsize_t($0) }, nil, extents, nil)
      }
    }
    let memory = try Handle("make room for '\(path)'") {
      H5Screate_simple(Int32(extents.count), extents, nil)
    }
    if array.element == .text {
      let texts =
        try type.isVariableText(path)
        ? variableTexts(part.count, space, memory, type)
        : fixedTexts(part.count, space, memory, type)
      try texts.withUnsafeBytes(body)
      return
    }
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: part.count * array.element.size, alignment: 16)
    defer { buffer.deallocate() }
    try read(into: buffer, of: array.element, memory, space)
    try body(UnsafeRawBufferPointer(buffer))
  }

  /// Reads the selected numbers. The buffer must have room for all elements of `memory`.
  func read(
    into buffer: UnsafeMutableRawBufferPointer, of element: HDF5Array.Element,
    _ memory: borrowing Handle, _ space: borrowing Handle
  ) throws(HDF5Error) {
    let stored = try Handle("read the type of '\(path)'") { H5Dget_type(handle.id) }
    // libhdf5 converts no enumeration of truth values; their bytes are the numbers.
    let delivered =
      element == .bool
      ? try Handle("choose a type for '\(path)'") { H5Tcopy(stored.id) }
      : try element.memoryType(path)
    let size = try delivered.typeSize(path)
    guard size == element.size else {
      throw .unsuitable(object: path, problem: "has elements of \(size) bytes")
    }
    try HDF5Library.call("read dataset '\(path)'") {
      H5Dread(
        handle.id, delivered.id, memory.id, space.id, chdf5_default(), buffer.baseAddress)
    }
  }

  // MARK: Texts

  /// Reads texts of variable length, each as its length and its bytes.
  private func variableTexts(
    _ count: Int, _ space: borrowing Handle, _ memory: borrowing Handle, _ type: borrowing Handle
  ) throws(HDF5Error) -> [UInt8] {
    var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
    try HDF5Library.call("read dataset '\(path)'") {
      pointers.withUnsafeMutableBytes {
        H5Dread(handle.id, type.id, memory.id, space.id, chdf5_default(), $0.baseAddress)
      }
    }
    var texts: [UInt8] = []
    var isTooLong = false
    for pointer in pointers where !isTooLong {
      let length = pointer.map { strnlen($0, Self.longestText + 1) } ?? 0
      isTooLong = length > Self.longestText || texts.count > Self.largestPart
      Self.append(UnsafeRawBufferPointer(start: pointer, count: length), to: &texts)
    }
    try HDF5Library.call("free the texts of '\(path)'") {
      pointers.withUnsafeMutableBytes {
        H5Dvlen_reclaim(type.id, memory.id, chdf5_default(), $0.baseAddress)
      }
    }
    if isTooLong {
      throw .unsuitable(
        object: path, problem: "has texts of more than \(Self.longestText) bytes")
    }
    return texts
  }

  private func fixedTexts(
    _ count: Int, _ space: borrowing Handle, _ memory: borrowing Handle, _ type: borrowing Handle
  ) throws(HDF5Error) -> [UInt8] {
    let size = try type.typeSize(path)
    guard size > 0, size <= Self.longestText else {
      throw .unsuitable(object: path, problem: "it holds texts of \(size) bytes")
    }
    let endsAtNUL = try type.isEndedByNUL(path)
    var bytes = [UInt8](repeating: 0, count: count * size)
    try HDF5Library.call("read dataset '\(path)'") {
      bytes.withUnsafeMutableBytes {
        H5Dread(handle.id, type.id, memory.id, space.id, chdf5_default(), $0.baseAddress)
      }
    }
    var texts: [UInt8] = []
    bytes.withUnsafeBytes { bytes in
      for start in stride(from: 0, to: bytes.count, by: size) {
        let element = bytes[start..<start + size]
        let end =
          endsAtNUL
          ? element.firstIndex(of: 0) ?? element.endIndex
          : (element.lastIndex { $0 != 0 }).map { $0 + 1 } ?? start
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
