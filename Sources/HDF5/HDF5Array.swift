/// A dataset of any HDF5 file, described before its elements are read.
package struct HDF5Array: Sendable, Hashable {
  /// The form in which elements are delivered. Numbers are in the machine's byte order. A text is its
  /// length (4 bytes, little-endian) and its bytes.
  package enum Element: String, Sendable, Hashable, CaseIterable {
    case int8, uint8, int16, uint16, int32, uint32, int64, uint64, float32, float64, text
    /// h5py's truth values, a byte each.
    case bool
    case float16, bfloat16
    /// h5py's complex numbers: the real and the imaginary part.
    case complex32, complex64, complex128

    /// Bytes of a number; the fewest bytes of a text.
    package var size: Int {
      switch self {
      case .int8, .uint8, .bool: 1
      case .int16, .uint16, .float16, .bfloat16: 2
      case .int32, .uint32, .float32, .complex32, .text: 4
      case .int64, .uint64, .float64, .complex64: 8
      case .complex128: 16
      }
    }
  }

  /// The path from the root, without the first slash.
  package var path: String
  /// The extents; empty for a scalar.
  package var shape: [Int]
  /// False for a name that leads to no dataset, and for a dataset without extents.
  package let hasShape: Bool
  /// The type in the file: `float16`, `text`, or the name of one that is not read.
  package var type: String
  package var element: Element
  /// True for floating-point numbers of another form than `element`'s, which may be rounded to it.
  package var isConverted = false
  /// The place in the file of elements that are there exactly as they are delivered; nil for others.
  package var offset: Int?
  /// True for elements that are selections of other datasets.
  package var isVirtual = false
  /// The names of the other files that have elements of a virtual dataset.
  package var sources: [String] = []
  /// The reason why the elements cannot be read; nil if they can.
  package var problem: String?

  package init(
    path: String, shape: [Int]?, type: String, element: Element, problem: String? = nil
  ) {
    self.path = path
    self.shape = shape ?? []
    hasShape = shape != nil
    self.type = type
    self.element = element
    self.problem = problem
  }

  /// The number of elements.
  package var count: Int { shape.reduce(1, *) }

  /// The range of bytes in the file of elements that are there exactly as they are delivered; nil for
  /// others.
  package var plainRange: Range<Int>? {
    guard problem == nil, let offset, element != .text else { return nil }
    let (end, overflow) = offset.addingReportingOverflow(count * element.size)
    return overflow ? nil : offset..<end
  }
}

/// The encoding in which the process of libhdf5 sends descriptions. The decoder trusts no byte.
extension HDF5Array {
  private static let magic = Array("rso arrays 3\n".utf8)

  /// Encodes the arrays of a file, or the error of looking for them.
  package static func encode(_ result: Result<[HDF5Array], HDF5Error>) -> [UInt8] {
    var writer = HDF5Contents.Writer(bytes: magic)
    switch result {
    case .success(let arrays):
      writer.add(byte: 0)
      writer.add(count: arrays.count)
      for array in arrays {
        writer.add(text: array.path)
        writer.add(count: array.shape.count)
        for extent in array.shape { writer.add(number: extent) }
        writer.add(text: array.type)
        writer.add(text: array.element.rawValue)
        writer.add(text: array.problem ?? "")
        writer.add(number: array.offset ?? 0)
        writer.add(
          byte: (array.isConverted ? 1 : 0) | (array.isVirtual ? 2 : 0) | (array.hasShape ? 4 : 0))
        writer.add(count: array.sources.count)
        for source in array.sources { writer.add(text: source) }
      }
    case .failure(let error):
      writer.add(byte: 1)
      writer.add(text: "\(error)")
    }
    return writer.bytes
  }

  /// Decodes the bytes of `encode`; nil for any other bytes.
  package static func decode(_ bytes: [UInt8]) -> Result<[HDF5Array], HDF5Error>? {
    guard bytes.starts(with: magic) else { return nil }
    var reader = HDF5Contents.Reader(bytes: bytes, position: magic.count)
    switch reader.byte() {
    case 0:
      guard let count = reader.count() else { return nil }
      var arrays: [HDF5Array] = []
      for _ in 0..<count {
        guard let array = array(&reader) else { return nil }
        arrays.append(array)
      }
      return reader.position == bytes.count ? .success(arrays) : nil
    case 1:
      guard let text = reader.text(), reader.position == bytes.count else { return nil }
      return .failure(.unsuitable(object: "HDF5 file", problem: text))
    default: return nil
    }
  }

  private static func array(_ reader: inout HDF5Contents.Reader) -> HDF5Array? {
    guard let path = reader.text(), let rank = reader.count(), rank <= HDF5Dataset.greatestRank
    else {
      return nil
    }
    var shape: [Int] = []
    var size = 16
    for _ in 0..<rank {
      guard let extent = reader.number(), extent >= 0 else { return nil }
      let (product, overflow) = size.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      size = product
      shape.append(extent)
    }
    guard let type = reader.text(), let element = reader.text().flatMap(Element.init),
      let problem = reader.text(), let offset = reader.number(), offset >= 0,
      let flags = reader.byte(), flags < 8, let sourceCount = reader.count()
    else { return nil }
    guard flags & 4 != 0 || shape.isEmpty else { return nil }
    var array = HDF5Array(
      path: path, shape: flags & 4 == 0 ? nil : shape, type: type, element: element,
      problem: problem.isEmpty ? nil : problem)
    array.offset = offset == 0 ? nil : offset
    (array.isConverted, array.isVirtual) = (flags & 1 != 0, flags & 2 != 0)
    for _ in 0..<sourceCount {
      guard let source = reader.text() else { return nil }
      array.sources.append(source)
    }
    return array
  }
}
