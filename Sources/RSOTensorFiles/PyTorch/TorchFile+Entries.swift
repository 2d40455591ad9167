import RSOSystem

extension TorchFile {
  private static let types: [String: TensorElementType] = [
    "FloatStorage": .float32, "DoubleStorage": .float64, "HalfStorage": .float16,
    "BFloat16Storage": .bfloat16, "LongStorage": .int64, "IntStorage": .int32,
    "ShortStorage": .int16, "CharStorage": .int8, "ByteStorage": .uint8, "BoolStorage": .bool,
    "ComplexFloatStorage": .complex64, "ComplexDoubleStorage": .complex128,
    "UntypedStorage": .uint8, "uint16": .uint16, "uint32": .uint32, "uint64": .uint64,
    "float8_e4m3fn": .float8E4M3, "float8_e5m2": .float8E5M2, "float8_e8m0fnu": .float8E8M0,
    "float8_e4m3fnuz": .float8E4M3FNUZ, "float8_e5m2fnuz": .float8E5M2FNUZ, "float32": .float32,
    "float64": .float64, "float16": .float16, "bfloat16": .bfloat16, "int64": .int64,
    "int32": .int32, "int16": .int16, "int8": .int8, "uint8": .uint8, "bool": .bool,
    "complex32": .complex32, "complex64": .complex64, "complex128": .complex128,
  ]

  /// Elements that overlap are read if they have no more bytes than this together.
  private static let largestOverlap = 1 << 28

  /// The entry of a tensor; its problem does not keep the others from being read.
  ///
  /// - Parameter member: The member of a storage's key.
  func entry(
    _ tensor: PickledTensor, named name: String, member: (String) -> ZIPMember?
  ) -> TensorEntry {
    let type = Self.types[tensor.typeName]
    func unreadable(_ problem: String) -> TensorEntry {
      TensorEntry(
        name: name, type: type.map { .number($0) } ?? .other(Self.otherType(tensor.typeName)),
        shape: tensor.shape, unreadable: problem)
    }
    if let problem = tensor.problem { return unreadable(problem) }
    guard let type else {
      return unreadable("it is of type \(quoted(tensor.typeName)), which is not read")
    }
    guard let key = tensor.storage?.key, let member = member(key) else {
      return unreadable("the archive has no storage \(quoted(tensor.storage?.key ?? ""))")
    }
    guard let span = Self.span(tensor), let count = elementCount(tensor.shape),
      tensor.offset >= 0, span <= member.entry.size / type.size - tensor.offset
    else { return unreadable("its elements are beyond the end of storage \(quoted(key))") }
    guard count <= max(span, Self.largestOverlap / type.size) else {
      return unreadable("its \(count) elements overlap: they are stored as \(span)")
    }
    return TensorEntry(
      name: name, type: .number(type), shape: tensor.shape,
      content: .stored(storage(tensor, in: member, span: span, size: type.size)))
  }

  /// `qint8` for `QInt8Storage`.
  private static func otherType(_ name: String) -> String {
    name.hasSuffix("Storage") ? name.dropLast("Storage".count).lowercased() : name
  }

  /// The number of elements from the first to the last in the storage; nil where it exceeds an Int.
  private static func span(_ tensor: PickledTensor) -> Int? {
    guard tensor.shape.count == tensor.strides.count, tensor.shape.count <= 64 else { return nil }
    if tensor.shape.contains(0) { return 0 }
    var last = 0
    for (extent, stride) in zip(tensor.shape, tensor.strides) where extent != 1 {
      guard extent > 0, stride >= 0 else { return nil }
      let (distance, overflow) = (extent - 1).multipliedReportingOverflow(by: stride)
      let (sum, isTooLarge) = last.addingReportingOverflow(distance)
      guard !overflow, !isTooLarge, sum < .max else { return nil }
      last = sum
    }
    return last + 1
  }

  private func storage(
    _ tensor: PickledTensor, in member: ZIPMember, span: Int, size: Int
  ) -> TensorStorage {
    let skipped = tensor.offset * size
    let strides = Self.isRowMajor(tensor) ? nil : tensor.strides
    // A whole storage is read as a member, whose checksum is compared.
    let isWhole =
      strides == nil && span * size == member.entry.size && skipped == 0 && !member.isUnchecked
    var storage = TensorStorage(
      member.isStored && !isWhole
        ? .file(path: path, offset: member.content.lowerBound + skipped)
        : .member(member, skipped: skipped), size: span * size)
    storage.isBigEndian = isBigEndian
    storage.strides = strides
    return storage
  }

  private static func isRowMajor(_ tensor: PickledTensor) -> Bool {
    guard !tensor.shape.contains(0) else { return true }
    var step = 1
    for (extent, stride) in zip(tensor.shape, tensor.strides).reversed() where extent != 1 {
      guard stride == step else { return false }
      // The elements are within the storage, so that the product is no larger than it.
      step = step.multipliedReportingOverflow(by: extent).partialValue
    }
    return true
  }
}
