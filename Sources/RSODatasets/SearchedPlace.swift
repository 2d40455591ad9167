/// A place where data was looked for.
package struct SearchedPlace: Sendable, Hashable {
  package var path: String
  /// What is there: `nothing`, `no data set` or `other data`.
  package var finding: String

  package init(path: String, finding: String) {
    self.path = path
    self.finding = finding
  }
}
