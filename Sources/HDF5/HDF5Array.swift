/// A dataset of any HDF5 file, described before its elements are read.
package struct HDF5Array: Sendable, Hashable {
  /// The form in which elements are delivered. Numbers are in the machine's byte order. A text is its
  /// length (4 bytes, little-endian) and its bytes.
  package enum Element: String, Sendable, Hashable, CaseIterable {
    case int8, uint8, int16, uint16, int32, uint32, int64, uint64, float32, float64, text

    /// Bytes of a number; the fewest bytes of a text.
    package var size: Int {
      switch self {
      case .int8, .uint8: 1
      case .int16, .uint16: 2
      case .int32, .uint32, .float32, .text: 4
      case .int64, .uint64, .float64: 8
      }
    }
  }

  /// The path from the root, without the first slash.
  package var path: String
  /// The extents; empty for a scalar.
  package var shape: [Int]
  /// The type in the file, for messages: `float16`, `text`.
  package var type: String
  package var element: Element
  /// The reason why the elements cannot be read; nil if they can.
  package var problem: String?

  package init(
    path: String, shape: [Int], type: String, element: Element, problem: String? = nil
  ) {
    self.path = path
    self.shape = shape
    self.type = type
    self.element = element
    self.problem = problem
  }

  /// The number of elements.
  package var count: Int { shape.reduce(1, *) }
}

/// The encoding in which the process of libhdf5 sends descriptions. The decoder trusts no byte.
extension HDF5Array {
  private static let magic = Array("rso arrays 1\n".utf8)

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
    guard let path = reader.text(), let rank = reader.count(), rank <= HDF5Dataset.maximumRank
    else {
      return nil
    }
    var shape: [Int] = []
    var size = 8
    for _ in 0..<rank {
      guard let extent = reader.number(), extent >= 0 else { return nil }
      let (product, overflow) = size.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      size = product
      shape.append(extent)
    }
    guard let type = reader.text(), let element = reader.text().flatMap(Element.init),
      let problem = reader.text()
    else { return nil }
    return HDF5Array(
      path: path, shape: shape, type: type, element: element,
      problem: problem.isEmpty ? nil : problem)
  }
}
