/// The reason why a picture cannot be read, in words for `cannot read 'a.png': ...`.
package struct PictureFailure: Error, Sendable, Equatable {
  package var reason: String

  package init(reason: String) { self.reason = reason }
}
