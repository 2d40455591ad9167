import RSOSystem
import RSOTensorFiles

/// The form in which the weights of a layer are exported that are whole multiples of a scale.
///
/// In place of `fc.weight` a file then has `fc.weight_scale`, float32, one number or one for each output (*shape*
/// outputs x 1 ...), and
///
/// - `fc.weight`, int8: the multiples; or
/// - for weights of -scale and scale, `fc.weight_bits`, uint8, *shape* outputs x bytes: a bit for each weight, 1
///   for scale, the first weight of an output in the highest bit, each output padded with zeros to whole bytes;
///   and `fc.weight_shape`, int64, the shape of the weights.
///
/// *Reproducibility:* bitwise, since the scale has eight significant bits: each weight is exactly the product.
package struct IntegerWeights: Sendable, Hashable {
  /// One, or one for each output.
  package var scales: [Float]
  /// True for weights of -scale and scale.
  package var isBinary: Bool

  /// - Parameter scales: One, or one for each output; above 0.
  package init(scales: [Float], isBinary: Bool) {
    self.scales = scales
    self.isBinary = isBinary
  }

  /// The bytes of the numbers of weights in this form.
  ///
  /// - Parameter shape: The outputs first.
  package func bytes(shape: [Int]) -> Int {
    let count = shape.reduce(1, *)
    return isBinary ? shape[0] * Self.bytes(ofRow: count / shape[0]) : count
  }

  // MARK: Names

  static let scaleSuffix = "_scale"
  static let bitsSuffix = "_bits"
  static let shapeSuffix = "_shape"

  // MARK: Writing

  /// The tensors that stand for the weights `name`.
  func tensors(_ name: String, shape: [Int], _ values: [Float]) -> [NamedTensor] {
    // Of the same rank as the weights, so that other programs multiply each output by its own.
    let scale = NamedTensor(
      name: name + Self.scaleSuffix,
      shape: scales.count == 1 ? [] : [scales.count] + shape.dropFirst().map { _ in 1 },
      values: scales)
    guard isBinary else {
      let row = values.count / shape[0]
      let multiples = values.enumerated().map { index, value in
        let scale = scales.count == 1 ? scales[0] : scales[index / row]
        return UInt8(bitPattern: Int8((value / scale).rounded()))
      }
      return [
        NamedTensor(name: name, elementType: .int8, shape: shape, bytes: multiples[...]), scale,
      ]
    }
    let row = values.count / shape[0]
    let bytes = Self.bytes(ofRow: row)
    var bits = [UInt8](repeating: 0, count: shape[0] * bytes)
    for (index, value) in values.enumerated() where value > 0 {
      let (output, weight) = index.quotientAndRemainder(dividingBy: row)
      bits[output * bytes + weight / 8] |= 0x80 >> UInt8(weight % 8)
    }
    return [
      NamedTensor(
        name: name + Self.bitsSuffix, elementType: .uint8, shape: [shape[0], bytes],
        bytes: bits[...]),
      NamedTensor(
        name: name + Self.shapeSuffix, shape: [shape.count], integers: shape.map(Int64.init)),
      scale,
    ]
  }

  private static func bytes(ofRow weights: Int) -> Int { (weights + 7) / 8 }

  // MARK: Reading

  /// Replaces the tensors of integer weights by the weights, in float32. What has not the form above stays as it
  /// is.
  package static func expanded(_ list: TensorList) -> TensorList {
    let byName = Dictionary(
      list.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var weights: [String: NamedTensor] = [:]
    var replaced: Set<String> = []
    for scale in list.tensors where scale.name.hasSuffix(scaleSuffix) {
      guard scale.elementType == .float32 else { continue }
      let factors = scale.floats()
      let name = String(scale.name.dropLast(scaleSuffix.count))
      if let multiples = byName[name], multiples.elementType == .int8,
        let each = spread(factors, over: multiples.shape)
      {
        weights[name] = NamedTensor(
          name: name, shape: multiples.shape, values: zip(multiples.floats(), each).map(*))
      } else if let bits = byName[name + bitsSuffix], let shape = byName[name + shapeSuffix],
        byName[name] == nil, let tensor = unpacked(bits, shape, scales: factors)
      {
        weights[bits.name] = NamedTensor(name: name, shape: tensor.shape, values: tensor.values)
        replaced.insert(shape.name)
      } else {
        continue
      }
      replaced.insert(scale.name)
    }
    guard !weights.isEmpty else { return list }
    var expanded = list
    expanded.tensors = list.tensors.compactMap {
      replaced.contains($0.name) ? nil : weights[$0.name] ?? $0
    }
    return expanded
  }

  /// The most bytes of integer weights that are read at once.
  private static let maximumSize = 1 << 33

  /// The same for an export of rso on disk; any other file stays as it is.
  ///
  /// *Throws:* `TensorFileError`.
  package static func expanded(_ file: TensorFile) throws(TensorFileError) -> TensorFile {
    guard file.metadata["generator"]?.hasPrefix("rso ") ?? false else { return file }
    let weights = Set(
      file.entries.filter { $0.name.hasSuffix(scaleSuffix) && $0.problem == nil }
        .map { String($0.name.dropLast(scaleSuffix.count)) })
    let names = Set(weights.flatMap(names(of:)))
    func isPart(_ entry: TensorEntry) -> Bool {
      names.contains(entry.name) && entry.problem == nil && entry.type.element != nil
    }
    let list = expanded(try file.list(maximumSize: maximumSize, where: isPart))
    var expanded = file
    expanded.entries.removeAll(where: isPart)
    expanded.entries += TensorFile(list, path: file.path, format: file.format).entries
    return expanded
  }

  /// Returns which tensor keeps the integers of the weights `name` from being expanded, and why; nil if there are no
  /// such integers.
  ///
  /// - Parameter list: The tensors after `expanded`.
  static func defect(of name: String, in list: TensorList) -> String? {
    let (scaleName, bitsName, shapeName) = (
      name + scaleSuffix, name + bitsSuffix, name + shapeSuffix
    )
    let bits = list[bitsName]
    guard bits != nil || list[name]?.elementType == .int8 else {
      return list[name] == nil && list[shapeName] != nil
        ? "\(quoted(bitsName)): missing, expected the bits of the weights, uint8" : nil
    }
    let outputs = (bits ?? list[name])?.shape.first ?? 1
    let isScale = list[scaleName].map {
      $0.elementType == .float32 && [1, outputs].contains($0.count)
    }
    guard isScale == true else {
      return
        "\(quoted(scaleName)): \(isScale == nil ? "missing, " : "")expected one float32 number, the scale of "
        + "the integers, or one for each of \(outputs) outputs"
    }
    guard let bits else { return nil }
    guard list[name] == nil else {
      return "\(quoted(bitsName)): the file has \(quoted(name)) as well; expected one of them"
    }
    guard let shape = list[shapeName] else {
      return "\(quoted(shapeName)): missing, expected the shape of the weights, int64"
    }
    guard bits.elementType == .uint8, bits.shape.count == 2 else {
      return "\(quoted(bitsName)): expected outputs x bytes, uint8"
    }
    guard let extents = shape.integers() else {
      return "\(quoted(shapeName)): expected int64 numbers, not \(shape.elementType.rawValue)"
    }
    return
      "\(quoted(shapeName)): \(extents.map(String.init).joined(separator: " x ")) does not fit "
      + "\(quoted(bitsName)) of \(bits.shape[0]) x \(bits.shape[1]) bytes"
  }

  /// The names of all tensors that may stand for the weights `name`.
  static func names(of name: String) -> [String] {
    ["", scaleSuffix, bitsSuffix, shapeSuffix].map { name + $0 }
  }

  /// The scale of each element of weights of this shape; nil if there are neither one nor as many as outputs.
  private static func spread(_ scales: [Float], over shape: [Int]) -> [Float]? {
    let (count, outputs) = (shape.reduce(1, *), shape.first ?? 1)
    if scales.count == 1 { return [Float](repeating: scales[0], count: count) }
    guard scales.count == outputs, outputs > 0 else { return nil }
    return scales.flatMap { [Float](repeating: $0, count: count / outputs) }
  }

  /// Returns nil for tensors that do not fit each other.
  private static func unpacked(
    _ bits: NamedTensor, _ shape: NamedTensor, scales: [Float]
  ) -> (shape: [Int], values: [Float])? {
    guard bits.elementType == .uint8, bits.shape.count == 2, let extents = shape.integers(),
      extents.count <= 8, extents.first.map({ $0 == bits.shape[0] }) ?? false
    else { return nil }
    var row = 1
    for extent in extents.dropFirst() {
      let (product, overflow) = row.multipliedReportingOverflow(by: Int(extent))
      guard extent > 0, !overflow, product <= 8 * bits.shape[1] else { return nil }
      row = product
    }
    guard bytes(ofRow: row) == bits.shape[1], scales.count == 1 || scales.count == bits.shape[0]
    else { return nil }
    var values: [Float] = []
    values.reserveCapacity(bits.shape[0] * row)
    var start = bits.bytes.startIndex
    for output in 0..<bits.shape[0] {
      let scale = scales.count == 1 ? scales[0] : scales[output]
      for weight in 0..<row {
        let isSet = bits.bytes[start + weight / 8] & (0x80 >> UInt8(weight % 8)) != 0
        values.append(isSet ? scale : -scale)
      }
      start += bits.shape[1]
    }
    return (extents.map { Int($0) }, values)
  }
}

extension NamedTensor {
  /// Returns the elements of an int64 tensor; nil for another element type.
  fileprivate func integers() -> [Int64]? {
    guard elementType == .int64 else { return nil }
    return bytes.withUnsafeBytes { buffer in
      (0..<count).map {
        Int64(littleEndian: buffer.loadUnaligned(fromByteOffset: 8 * $0, as: Int64.self))
      }
    }
  }
}
