/// A value of `--precision`: the arithmetic as a user chooses it.
///
/// The values are those of the paths of all backends (`Backends.precisions`).
package struct Precision: Sendable, Hashable {
  /// The value on the command line.
  package let name: String
  /// Its meaning in a few words, for help texts.
  package let summary: String

  package init(name: String, summary: String) {
    self.name = name
    self.summary = summary
  }
}
