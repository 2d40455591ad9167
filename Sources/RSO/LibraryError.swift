import RSOSystem

/// An error in what a program asks of the library. Its description says what was expected.
public struct LibraryError: Error, Hashable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = printable(description, limit: 1000) }
}
