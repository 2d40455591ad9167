/// Two options that cannot be combined.
struct OptionConflict: Sendable {
  /// The name of the other option.
  let other: String
  /// The reason why they cannot be combined, for the error.
  let reason: String
  let exists: @Sendable (SearchOptions) -> Bool

  init(
    with other: String, because reason: String,
    where exists: @escaping @Sendable (SearchOptions) -> Bool
  ) {
    self.other = other
    self.reason = reason
    self.exists = exists
  }
}
