internal import Glibc

/// A shell pattern (fnmatch(3)) for names with slashes. `*` matches slashes too. A pattern that matches a
/// group matches everything in the group.
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
