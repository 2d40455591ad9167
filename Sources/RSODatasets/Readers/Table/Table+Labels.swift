extension Table {
  /// The columns of a table that are labels.
  package enum Labels: Sendable, Equatable {
    /// The value of `--label`: a name, or a number counted from 1, or from the end if it is negative;
    /// several with commas between them. Nil for the column named label, class, target or y; otherwise
    /// the last one.
    case columns(String?)
    /// The same if the table has them, but never the last one by default.
    case columnsIfPresent(String?)
    case all
    case none
  }
}
