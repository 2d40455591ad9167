/// A place where data was looked for.
package struct SearchedPlace: Sendable, Hashable {
  package var path: String
  /// The finding there: `nothing`, `no data set`, `other data` or `data that cannot be read`.
  package var finding: String

  package init(path: String, finding: String) {
    self.path = path
    self.finding = finding
  }
}
