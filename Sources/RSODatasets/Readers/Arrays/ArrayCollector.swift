import RSOSystem
import RSOTensorFiles

/// Collects the elements of an array from the parts that a file gives.
enum ArrayCollector {
  /// The samples of an array: bytes stay bytes, other numbers become floats.
  ///
  /// - Parameter limit: The most bytes that the elements may take.
  ///
  /// *Throws:* `ArraysError`, also for values that are not finite.
  static func samples(
    _ index: Int, of file: any ArrayFile, limit: Int
  ) throws -> RawSamples {
    let array = try checked(index, of: file, size: 4, limit: limit)
    guard case .number(let type, let isBigEndian) = array.element else {
      throw ArraysError.notNumbers(path: file.path, array: array.name)
    }
    if type == .uint8 {
      var bytes: [UInt8] = []
      bytes.reserveCapacity(array.count)
      try file.read(index) { bytes.append(contentsOf: $0) }
      return RawSamples(
        storage: .bytes(rowMajor(bytes, array)), shape: array.shape, name: array.name)
    }
    var floats: [Float] = []
    floats.reserveCapacity(array.count)
    try file.read(index) { part in
      let first = floats.count
      NumberConversion.append(part, type, isBigEndian: isBigEndian, to: &floats)
      if let place = floats[first...].firstIndex(where: { !$0.isFinite }) {
        // The number in the file may be finite.
        var value = "\(floats[place])"
        if type == .float64 {
          var numbers: [Double] = []
          NumberConversion.append(part, type, isBigEndian: isBigEndian, to: &numbers)
          value = "\(numbers[place - first])"
        }
        throw notFinite(array, place, value, path: file.path)
      }
    }
    return RawSamples(
      storage: .floats(rowMajor(floats, array)), shape: array.shape, name: array.name)
  }

  /// The targets in an array of N, of N x 1 x 1 ..., or of N x the number of labels.
  ///
  /// *Throws:* `ArraysError`, also for values that are not finite.
  static func targets(_ index: Int, of file: any ArrayFile, limit: Int) throws -> RawTargets {
    let array = try checked(index, of: file, size: 16, limit: limit)
    var extents = array.shape.dropFirst()
    while extents.last == 1 { extents.removeLast() }
    guard !array.shape.isEmpty, extents.count <= 1 else {
      throw ArraysError.wrongShape(path: file.path, array: array.name, shape: array.shape)
    }
    let columns = extents.first ?? 1
    switch array.element {
    case .number(let type, let isBigEndian) where type.isFloatingPoint:
      var values: [Double] = []
      values.reserveCapacity(array.count)
      try file.read(index) { part in
        let first = values.count
        NumberConversion.append(part, type, isBigEndian: isBigEndian, to: &values)
        if let place = values[first...].firstIndex(where: { !Float($0).isFinite }) {
          throw notFinite(array, place, "\(values[place])", path: file.path)
        }
      }
      return .numbers(rowMajor(values, array), columns: max(1, columns))
    case .number(let type, let isBigEndian):
      var values: [Int64] = []
      values.reserveCapacity(array.count)
      try file.read(index) { part in
        try NumberConversion.append(
          part, type, isBigEndian: isBigEndian, to: &values,
          tooLarge: {
            throw ArraysError.unreadable(
              path: file.path, problem: "array \(quoted(array.name)) has integers beyond 63 bits")
          })
      }
      return .integers(rowMajor(values, array), columns: max(1, columns))
    case .text(let form):
      guard columns == 1 else {
        throw ArraysError.wrongShape(path: file.path, array: array.name, shape: array.shape)
      }
      var texts: [String] = []
      try file.read(index) { part in
        guard form.append(part, to: &texts) else {
          throw ArraysError.unreadable(
            path: file.path, problem: "array \(quoted(array.name)) has a text that is not Unicode")
        }
      }
      guard texts.count == array.count else {
        throw ArraysError.unreadable(
          path: file.path, problem: "array \(quoted(array.name)) is incomplete")
      }
      return .texts(texts)
    }
  }

  /// The array's description, after checks that its elements can be read and fit into memory.
  private static func checked(
    _ index: Int, of file: any ArrayFile, size: Int, limit: Int
  ) throws(ArraysError) -> FoundArray {
    let array = file.arrays[index]
    if var problem = array.problem {
      if problem.contains("pickled objects") {
        problem +=
          "; give the array a type, such as with \(array.name).astype(str) or "
          + "\(array.name).astype(int), and save it again"
      }
      throw .unreadable(path: file.path, problem: "array \(quoted(array.name)): \(problem)")
    }
    let bytes = array.count.multipliedReportingOverflow(by: size)
    guard !bytes.overflow, bytes.partialValue <= limit else {
      throw .tooLarge(
        path: file.path, array: array.name,
        bytes: bytes.overflow ? .max : bytes.partialValue, limit: limit)
    }
    return array
  }

  private static func notFinite(
    _ array: FoundArray, _ place: Int, _ value: String, path: String
  ) -> ArraysError {
    var index: [Int] = []
    var rest = place
    let extents = array.isColumnMajor ? array.shape : array.shape.reversed()
    for extent in extents {
      index.append(rest % extent)
      rest /= extent
    }
    if !array.isColumnMajor { index.reverse() }
    return .notFinite(path: path, array: array.name, index: index, value: value)
  }

  /// Brings elements in column-major order into row-major order.
  private static func rowMajor<Element>(_ elements: [Element], _ array: FoundArray) -> [Element] {
    guard array.isColumnMajor, !elements.isEmpty else { return elements }
    var strides: [Int] = []
    var stride = 1
    for extent in array.shape {
      strides.append(stride)
      stride *= extent
    }
    var result: [Element] = []
    result.reserveCapacity(elements.count)
    var index = [Int](repeating: 0, count: strides.count)
    var place = 0
    while result.count < elements.count {
      result.append(elements[place])
      var axis = strides.count - 1
      while axis >= 0 {
        index[axis] += 1
        place += strides[axis]
        if index[axis] < array.shape[axis] { break }
        place -= strides[axis] * array.shape[axis]
        index[axis] = 0
        axis -= 1
      }
    }
    return result
  }
}
