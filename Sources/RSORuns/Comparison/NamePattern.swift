internal import Glibc

/// Patterns of a shell (fnmatch(3)) over names with slashes, which `*` matches too. A pattern that
/// matches a group matches all that is in it.
package struct NamePattern: Sendable, Equatable {
  package var pattern: String

  package init(_ pattern: String) {
    self.pattern = pattern
  }

  package func matches(_ name: String) -> Bool {
    var path = name[...]
    while true {
      if fnmatch(pattern, String(path), 0) == 0 { return true }
      guard let slash = path.lastIndex(of: "/") else { return false }
      path = path[..<slash]
    }
  }
}
