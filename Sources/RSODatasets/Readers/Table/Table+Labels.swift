extension Table {
  /// The columns of a table that are labels. All others are features.
  package enum Labels: Sendable, Equatable {
    /// The value of `--label`: a name, or a number counted from 1, or from the end if it is negative;
    /// several with commas between them. Nil for the column named label, class, target or y; otherwise
    /// the last one.
    case columns(String?)
    /// Columns as those of another table: features of the same names in its order, or the same number of
    /// columns where a table has no names. `label` chooses other label columns, as in `columns`.
    case like(TableColumns, label: String?)
    /// The same features. Labels may be missing, their cells may be empty, and columns of other names are left out.
    case samples(TableColumns, label: String?)
    /// Each column.
    case all
    case none
  }
}
