extension SearchOptions {
  /// Checks that each option is in range and that no two contradict each other.
  ///
  /// *Throws:* `SearchError.invalidOption` or `.incompatibleOptions` for the first that is wrong.
  package func validate(_ limits: OptionLimits) throws(SearchError) {
    for option in SearchOption.all { try option.checkRange(self, limits) }
    for option in SearchOption.all { try option.checkConflicts(self) }
  }
}
