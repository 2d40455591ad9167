/// The calls in a pickle of PyTorch that tensors need.
///
/// *Source:* `torch/_utils.py` and `torch/serialization.py` of PyTorch 2.
struct TorchCall {
  let heap: PickleHeap

  /// Returns the result of a call, or an object with the function's name.
  func result(of function: PickleValue, _ arguments: PickleValue) -> PickleValue {
    guard case .global(let global) = function, let values = arguments.tuple else {
      return .opaque("object")
    }
    // Protocols 1 and 2 have the names of Python 2.
    let old = "__builtin__."
    let name = global.hasPrefix(old) ? "builtins." + global.dropFirst(old.count) : global
    return result(name, values, isNested: false)
  }

  private func result(_ name: String, _ values: [PickleValue], isNested: Bool) -> PickleValue {
    switch name {
    case "collections.OrderedDict", "collections.defaultdict", "builtins.dict":
      dictionary(values)
    case "torch.Size", "torch.device", "builtins.set", "builtins.frozenset", "builtins.list",
      "builtins.tuple":
      values.first ?? .container(heap.make(.list))
    case "_codecs.encode": .opaque("bytes")
    case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2":
      tensor(values, metadata: 6) ?? object(name, values)
    case "torch._utils._rebuild_tensor_v3":
      tensor(values, type: 6, metadata: 7) ?? object(name, values)
    case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state":
      values.first ?? object(name, values)
    case "torch._tensor._rebuild_from_type_v2" where !isNested:
      nested(values) ?? object(name, values)
    case "torch._utils._rebuild_qtensor":
      tensor(values, problem: "it is quantised by PyTorch") ?? object(name, values)
    case "torch._utils._rebuild_meta_tensor_no_storage": bare(values) ?? object(name, values)
    case "torch._utils._rebuild_sparse_tensor": sparse(values) ?? object(name, values)
    default: object(name, values)
    }
  }

  /// The function of a subclass of tensors: the first argument is the function that makes the tensor.
  private func nested(_ values: [PickleValue]) -> PickleValue? {
    guard values.count >= 3, case .global(let name) = values[0], let arguments = values[2].tuple
    else { return nil }
    return result(name, arguments, isNested: true)
  }

  /// An object that is not understood; its arguments may have tensors.
  private func object(_ name: String, _ values: [PickleValue]) -> PickleValue {
    // The functions that make an object of the class that is their first argument.
    if name.hasSuffix("._reconstruct") || name.hasSuffix("._reconstructor"),
      case .global(let className)? = values.first
    {
      return .container(heap.make(.object(className)))
    }
    return .container(heap.make(.object(name), values))
  }

  /// A dictionary, which Python 2 gives a list of pairs.
  private func dictionary(_ values: [PickleValue]) -> PickleValue {
    let dictionary = heap.make(.dictionary)
    if case .container(let pairs)? = values.first {
      for (_, pair) in pairs.members {
        guard case .container(let pair) = pair, pair.members.count == 2 else { continue }
        dictionary.members.append((pair.members[0].value, pair.members[1].value))
      }
    }
    return .container(dictionary)
  }

  // MARK: Tensors

  /// The storage of a persistent identifier: `('storage', type, key, location, count)`.
  static func storage(_ identifier: PickleValue) -> PickleValue {
    guard let values = identifier.tuple, values.count >= 5, case .text("storage") = values[0],
      case .global(let type) = values[1], case .text(let key) = values[2],
      case .integer(let count) = values[4], let typeName = Self.typeName(type)
    else { return .opaque("object") }
    return .storage(PickledStorage(key: key, typeName: typeName, count: count))
  }

  /// The last part of the name of a type of PyTorch; nil for other names.
  private static func typeName(_ name: String) -> String? {
    name.hasPrefix("torch.") ? name.split(separator: ".").last.map(String.init) : nil
  }

  /// The tensor of a storage, an offset, a shape and strides; nil for other arguments.
  ///
  /// - Parameters:
  ///   - type: The index of the argument with the type of elements; nil for that of the storage.
  ///   - metadata: The index of the argument with flags of the view.
  private func tensor(
    _ values: [PickleValue], type: Int? = nil, metadata: Int? = nil, problem: String? = nil
  ) -> PickleValue? {
    guard values.count >= 4, case .storage(let storage) = values[0],
      case .integer(let offset) = values[1], let shape = integers(values[2]),
      let strides = integers(values[3])
    else { return nil }
    var tensor = PickledTensor(
      storage: storage, typeName: storage.typeName, offset: offset, shape: shape, strides: strides,
      problem: problem)
    if let type {
      guard type < values.count, case .global(let name) = values[type],
        let typeName = Self.typeName(name)
      else { return nil }
      tensor.typeName = typeName
    }
    if let metadata, metadata < values.count, case .container(let flags) = values[metadata] {
      let set = flags.members.compactMap { key, value -> String? in
        guard case .text(let name) = key, case .bool(true) = value else { return nil }
        return name
      }
      if !set.isEmpty {
        tensor.problem = "it is a view with the flag \(set.joined(separator: ", "))"
      }
    }
    return .tensor(tensor)
  }

  /// A tensor with a type and a shape alone.
  private func bare(_ values: [PickleValue]) -> PickleValue? {
    guard values.count >= 2, case .global(let type) = values[0], let shape = integers(values[1]),
      let typeName = Self.typeName(type)
    else { return nil }
    return .tensor(
      PickledTensor(typeName: typeName, shape: shape, problem: "the file has no elements of it"))
  }

  /// A sparse tensor: the layout, and its parts with the shape.
  private func sparse(_ values: [PickleValue]) -> PickleValue? {
    guard values.count >= 2, let parts = values[1].tuple, case .container(let layout) = values[0],
      case .text(let name)? = layout.members.first?.value, let typeName = Self.typeName(name),
      let shape = parts.lazy.compactMap({ integers($0) }).first
    else { return nil }
    let sparse = heap.make(.object(name))
    let names =
      typeName == "sparse_coo" ? ["indices", "values"] : ["first_indices", "indices", "values"]
    for (name, part) in zip(names, parts) { sparse.members.append((.text(name), part)) }
    sparse.whole = .tensor(
      PickledTensor(
        typeName: typeName, shape: shape,
        problem: "it is sparse; its indices and values are entries of their own"))
    return .container(sparse)
  }

  private func integers(_ value: PickleValue) -> [Int]? {
    guard let values = value.tuple else { return nil }
    var integers: [Int] = []
    for value in values {
      guard case .integer(let integer) = value else { return nil }
      integers.append(integer)
    }
    return integers
  }
}
