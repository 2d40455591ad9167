import RSOSystem

/// Finds the tensors in a value of a pickle. Names are the keys on the way, joined by dots; the parts of a
/// module's own form (`_modules`, `_parameters`, `_buffers`) are left out.
struct TorchWalk {
  /// Limits of what small files can unfold to, as a container may be at many places.
  private static let deepest = 100
  private static let mostValues = 1 << 21
  private static let mostEntries = 1 << 18
  private static let mostTextBytes = 1 << 26
  /// The most values of a list that are shown, and of a dictionary that has nothing else.
  private static let mostTexts = 64
  private static let silent: Set<String> = ["_modules", "_parameters", "_buffers"]

  private(set) var entries: [TensorEntry] = []
  private(set) var metadata: [String: String] = [:]
  private let entry: (PickledTensor, _ name: String) -> TensorEntry
  private var path: [String] = []
  private var visited = 0
  private var textBytes = 0

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
    case .none: break
    case .bool, .integer, .float, .text, .global:
      if keepsTexts, let text = Self.text(of: value) { metadata[try name(or: "value")] = text }
    }
  }

  private mutating func visit(
    _ container: PickleContainer, depth: Int, keepsTexts: Bool
  ) throws(PickleError) {
    let before = entries.count + metadata.count
    if case .tensor(let whole)? = container.whole { try add(whole) }
    if Self.isPlain(container) {
      visited += container.members.count
      if keepsTexts { try addList(container.members) }
      return
    }
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
      let part = Self.text(of: key) ?? "?"
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

  /// Adds a list as one text; of many values only their number.
  private mutating func addList(
    _ members: [(key: PickleValue, value: PickleValue)]
  ) throws(PickleError) {
    let text =
      members.count > Self.mostTexts
      ? "\(members.count) values"
      : "[\(members.compactMap { Self.text(of: $0.value) }.joined(separator: ", "))]"
    try count(text)
    metadata[try name(or: "value")] = text
  }

  private mutating func addObject(
    _ className: String, _ problem: String = "it is an object of Python, which is not read"
  ) throws(PickleError) {
    entries.append(
      TensorEntry(
        name: try name(or: "value"), type: .other(className), shape: nil, unreadable: problem))
  }

  private mutating func name(or other: String) throws(PickleError) -> String {
    let name = path.isEmpty ? other : path.joined(separator: ".")
    try count(name)
    return name
  }

  private mutating func count(_ text: String) throws(PickleError) {
    textBytes += text.utf8.count
    guard textBytes <= Self.mostTextBytes else {
      throw PickleError(problem: "the names in its pickle have more bytes than are read")
    }
  }

  /// The text of a value without parts; nil for any other.
  private static func text(of value: PickleValue) -> String? {
    switch value {
    case .text(let text), .global(let text): text
    case .integer(let number): "\(number)"
    case .float(let number): "\(number)"
    case .bool(let flag): "\(flag)"
    case .none: "none"
    default: nil
    }
  }

  /// True for a list of values without parts, and for a dictionary of many of them.
  private static func isPlain(_ container: PickleContainer) -> Bool {
    let members = container.members
    guard container.state == nil, !members.isEmpty else { return false }
    switch container.kind {
    case .object: return false
    case .dictionary where members.count <= mostTexts: return false
    case .dictionary, .tuple, .list: return members.allSatisfy { text(of: $0.value) != nil }
    }
  }
}
