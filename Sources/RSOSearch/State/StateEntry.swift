import RSONetworks

/// One entry of a search's state, described once.
///
/// The checkpoint's writer and reader, the digest of a state, the comparison of states and their checks
/// follow from `StateEntry.all`. A new entry is a property of `SearchState` and an entry of that list.
package struct StateEntry: Sendable {
  /// A version of the checkpoint format.
  package struct Version: Sendable {
    package let major: Int
    package let minor: Int
  }

  package enum ElementType: Sendable { case float32, float64, int64 }

  /// The name of the array in a checkpoint's group `search`.
  package let name: String
  package let type: ElementType
  /// The first version of the format that has the entry.
  package let since: Version
  /// True if the entry decides what a run does next, so that `state_sha256` covers it.
  package let isIdentity: Bool
  /// True if the entry describes finished cycles. It is then taken from the history, not from the
  /// state.
  package let isHistory: Bool
  let rule: StateRule
  /// The reason, for messages, why the entry must be absent in some runs.
  let absence: String
  /// Returns nil if the entry must be absent.
  let shape: @Sendable (StateScope) -> [Int]?
  let values: @Sendable (SearchState, [CycleRecord]) -> StateValues?
  let assign: @Sendable (StateValues, inout SearchState) -> Void
  /// The values that a file older than `since` implies; nil if it implies none.
  let older: @Sendable (SearchState) -> StateValues?
  /// A problem of an entry that has the right type and shape and meets the rule; nil if there is none.
  let flaw: @Sendable (SearchState, StateScope) -> String?

  init(
    _ name: String, _ type: ElementType, since: Version = Version(major: 1, minor: 0),
    isIdentity: Bool = false, isHistory: Bool = false, rule: StateRule = .any,
    absence: String = "", shape: @escaping @Sendable (StateScope) -> [Int]?,
    values: @escaping @Sendable (SearchState, [CycleRecord]) -> StateValues?,
    assign: @escaping @Sendable (StateValues, inout SearchState) -> Void = { _, _ in },
    older: @escaping @Sendable (SearchState) -> StateValues? = { _ in nil },
    flaw: @escaping @Sendable (SearchState, StateScope) -> String? = { _, _ in nil }
  ) {
    self.name = name
    self.type = type
    self.since = since
    self.isIdentity = isIdentity
    self.isHistory = isHistory
    self.rule = rule
    self.absence = absence
    self.shape = shape
    self.values = values
    self.assign = assign
    self.older = older
    self.flaw = flaw
  }

  /// The path in a checkpoint.
  package var path: String { "/search/\(name)" }

  // MARK: Reading

  /// True if a state in this scope has the array.
  package func isPresent(_ scope: StateScope) -> Bool { shape(scope) != nil }

  /// The shape that the array must have in a file.
  ///
  /// *Throws:* `SearchError.invalidState` if it must not be there.
  package func storedShape(_ scope: StateScope) throws(SearchError) -> [Int] {
    guard let shape = shape(scope) else {
      throw .invalidState(object: path, problem: "present, but \(absence)")
    }
    return shape
  }

  /// Sets the entry as a file has it, and checks it.
  ///
  /// - Parameter values: nil for an absent array.
  ///
  /// *Throws:* `SearchError.invalidState`.
  package func set(
    _ values: StateValues?, in state: inout SearchState, _ scope: inout StateScope
  ) throws(SearchError) {
    if let values { assign(values, &state) }
    scope.cursor = state.cursor
    try check(state, scope)
  }

  /// Sets the entry to the values that a file older than `since` implies, and checks it.
  package func setOlder(
    in state: inout SearchState, _ scope: inout StateScope
  ) throws(SearchError) {
    try set(older(state), in: &state, &scope)
  }

  // MARK: Checks

  /// *Throws:* `SearchError.invalidState`.
  func check(_ state: SearchState, _ scope: StateScope) throws(SearchError) {
    guard !isHistory else { return }
    let (shape, values) = (shape(scope), values(state, []))
    guard let values else {
      if shape != nil { throw .invalidState(object: path, problem: "missing") }
      return
    }
    guard let shape else {
      throw .invalidState(object: path, problem: "present, but \(absence)")
    }
    let count = shape.reduce(1, *)
    guard values.count == count else {
      throw .invalidState(
        object: path, problem: "\(values.count) numbers, expected \(count)")
    }
    guard rule.allows(values) else {
      throw .invalidState(object: path, problem: "expected \(rule.text)")
    }
    if let flaw = flaw(state, scope) { throw .invalidState(object: path, problem: flaw) }
  }
}
