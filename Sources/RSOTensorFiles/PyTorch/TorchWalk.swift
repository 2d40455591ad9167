import RSOSystem

/// Finds the tensors in a value of a pickle. Names are the keys on the way, joined by dots; the parts of a
/// module's own form (`_modules`, `_parameters`, `_buffers`) are left out.
struct TorchWalk {
  /// Limits of what small files can unfold to, as a container may be at many places.
  private static let deepest = 100
  private static let mostValues = 1 << 21
  private static let mostEntries = 1 << 18
  private static let mostNameBytes = 1 << 26
  private static let silent: Set<String> = ["_modules", "_parameters", "_buffers"]

  private(set) var entries: [TensorEntry] = []
  private(set) var metadata: [String: String] = [:]
  private let entry: (PickledTensor, _ name: String) -> TensorEntry
  private var path: [String] = []
  private var visited = 0
  private var nameBytes = 0

  init(_ entry: @escaping (PickledTensor, _ name: String) -> TensorEntry) { self.entry = entry }

  /// Adds the tensors and the other values in a value.
  ///
  /// - Parameter name: The first part of their names; nil for none.
  ///
  /// *Throws:* `PickleError` where there are too many.
  mutating func visit(_ value: PickleValue, named name: String? = nil) throws(PickleError) {
    path = name.map { [$0] } ?? []
    try visit(value, depth: 0, keepsTexts: true)
  }

  private mutating func visit(
    _ value: PickleValue, depth: Int, keepsTexts: Bool
  ) throws(PickleError) {
    visited += 1
    guard visited <= Self.mostValues, entries.count < Self.mostEntries else {
      throw PickleError(problem: "its pickle has more values than are read")
    }
    switch value {
    case .tensor(let tensor): try add(tensor)
    case .storage(let storage):
      try add(
        PickledTensor(
          storage: storage, typeName: storage.typeName, shape: [storage.count], strides: [1]))
    case .container(let container):
      if depth >= Self.deepest {
        try addObject("container", "it is nested more than \(Self.deepest) times")
      } else if !container.isOpen {
        container.isOpen = true
        defer { container.isOpen = false }
        try visit(container, depth: depth + 1, keepsTexts: keepsTexts)
      }
    case .opaque(let kind): if keepsTexts { try addObject(kind) }
    case .none: try add("none", keepsTexts)
    case .bool(let flag): try add("\(flag)", keepsTexts)
    case .integer(let number): try add("\(number)", keepsTexts)
    case .float(let number): try add("\(number)", keepsTexts)
    case .text(let text), .global(let text): try add(text, keepsTexts)
    }
  }

  private mutating func visit(
    _ container: PickleContainer, depth: Int, keepsTexts: Bool
  ) throws(PickleError) {
    let before = entries.count + metadata.count
    if case .tensor(let whole)? = container.whole { try add(whole) }
    // The arguments of a call that is not known are no content, but may have tensors.
    var className: String?
    if case .object(let name) = container.kind { className = name }
    try visit(container.members, depth, keepsTexts: keepsTexts && className == nil)
    if case .container(let state)? = container.state, state.kind == .dictionary {
      // The attributes of a dictionary, such as the versions of modules, are no content either.
      try visit(
        state.members, depth, keepsTexts: keepsTexts && className != nil,
        silent: className == nil ? [] : Self.silent)
    } else if let state = container.state {
      try visit(state, depth: depth, keepsTexts: false)
    }
    if keepsTexts, let className, entries.count + metadata.count == before {
      try addObject(className)
    }
  }

  private mutating func visit(
    _ members: [(key: PickleValue, value: PickleValue)], _ depth: Int, keepsTexts: Bool,
    silent: Set<String> = []
  ) throws(PickleError) {
    for (key, value) in members {
      let part = Self.text(of: key)
      let isNamed = !silent.contains(part)
      if isNamed { path.append(part) }
      defer { if isNamed { path.removeLast() } }
      try visit(value, depth: depth, keepsTexts: keepsTexts)
    }
  }

  // MARK: Results

  private mutating func add(_ tensor: PickledTensor) throws(PickleError) {
    entries.append(entry(tensor, try name(or: "tensor")))
  }

  private mutating func add(_ text: String, _ isKept: Bool) throws(PickleError) {
    if isKept { metadata[try name(or: "value")] = text }
  }

  private mutating func addObject(
    _ className: String, _ problem: String = "it is an object of Python, which is not read"
  ) throws(PickleError) {
    entries.append(
      TensorEntry(
        name: try name(or: "value"), type: .other(className), shape: [], unreadable: problem))
  }

  private mutating func name(or other: String) throws(PickleError) -> String {
    let name = path.isEmpty ? other : path.joined(separator: ".")
    nameBytes += name.utf8.count
    guard nameBytes <= Self.mostNameBytes else {
      throw PickleError(
        problem: "the names in its pickle have more than \(Self.mostNameBytes) bytes")
    }
    return name
  }

  private static func text(of key: PickleValue) -> String {
    switch key {
    case .text(let text), .global(let text): text
    case .integer(let number): "\(number)"
    case .float(let number): "\(number)"
    case .bool(let flag): "\(flag)"
    default: "?"
    }
  }
}
