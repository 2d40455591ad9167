/// Operations on the text of a path. They do not access the file system.
///
/// They work on bytes, because Swift treats a slash and a combining character after it as one
/// character.
package enum Path {
  private static let slash = UInt8(ascii: "/")
  private static let dot = UInt8(ascii: ".")

  /// The last name of a path, without slashes at the end: `c` for `/a/b/c/`, `/` for `/`.
  package static func name(of path: String) -> String {
    let bytes = withoutTrailingSlashes(path)
    guard let last = bytes.lastIndex(of: slash), bytes.count > 1 else { return text(bytes) }
    return text(bytes[(last + 1)...])
  }

  /// The directory that a path is in: `/a/b` for `/a/b/c/`, `.` for `c`, `/` for `/c` and for `/`.
  package static func parent(of path: String) -> String {
    let bytes = withoutTrailingSlashes(path)
    guard let last = bytes.lastIndex(of: slash) else { return "." }
    let parent = withoutTrailingSlashes(text(bytes[..<last]))
    return parent.isEmpty ? "/" : text(parent)
  }

  /// The path of `name` in a directory; `name` itself where it begins with a slash.
  package static func joined(_ directory: String, _ name: String) -> String {
    if isAbsolute(name) || directory.isEmpty { return name }
    return directory.utf8.last == slash ? directory + name : directory + "/" + name
  }

  /// The part of the last name after its last dot, without the dot: `gz` for `x.tar.gz`. Empty for
  /// a name without a dot, and for a name whose only dot is its first character.
  package static func fileExtension(of path: String) -> String {
    let name = Array(name(of: path).utf8)
    guard let last = name.lastIndex(of: dot), last > 0 else { return "" }
    return text(name[(last + 1)...])
  }

  /// Tells if a path begins at the root directory.
  package static func isAbsolute(_ path: String) -> Bool { path.utf8.first == slash }

  /// A path from the root directory, without `.`, `..` and doubled slashes. Symbolic links are not
  /// followed.
  ///
  /// - Parameter directory: The directory that a relative path starts from; nil for the working
  ///   directory.
  package static func absolute(_ path: String, in directory: String? = nil) -> String {
    let whole =
      isAbsolute(path) ? path : joined(directory ?? FileSystem.workingDirectory() ?? "/", path)
    var names: [Substring.UTF8View] = []
    for name in Substring(whole).utf8.split(separator: slash) {
      switch String(Substring(name)) {
      case ".": continue
      case "..": _ = names.popLast()
      default: names.append(name)
      }
    }
    return "/" + names.map { String(Substring($0)) }.joined(separator: "/")
  }

  private static func withoutTrailingSlashes(_ path: String) -> ArraySlice<UInt8> {
    var bytes = Array(path.utf8)[...]
    while bytes.count > 1, bytes.last == slash { bytes.removeLast() }
    return bytes
  }

  private static func text(_ bytes: some Collection<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
  }
}
