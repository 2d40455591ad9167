import RSOSystem

/// The paths of the file or directory that a run's data were loaded from.
///
/// Paths are bytes, as the file system has them: they need not be UTF-8.
package struct DataPlace: Sendable, Hashable {
  /// The longest path in bytes: Linux's PATH_MAX without the NUL.
  package static let maximumBytes = 4095

  /// The absolute path.
  package let path: [UInt8]
  /// The path relative to the run directory; nil where it is unknown or too long. It finds the data
  /// again after run and data were moved together.
  package let relativePath: [UInt8]?

  /// Returns nil for a path that is not absolute, longer than `maximumBytes` or has a NUL; and for
  /// a relative path that is empty, absolute, too long or has a NUL.
  package init?(path: [UInt8], relativePath: [UInt8]?) {
    guard Self.isPath(path), path.first == Self.slash else { return nil }
    if let relativePath {
      guard Self.isPath(relativePath), relativePath.first != Self.slash else { return nil }
    }
    self.path = path
    self.relativePath = relativePath
  }

  /// The place of data at `path`, for a run in `runDirectory`: path texts, as `PathText` makes them.
  ///
  /// - Parameters:
  ///   - path: An absolute path.
  ///   - runDirectory: An absolute path without symbolic links, so that `..` leads to its parent.
  package init?(path: String, runDirectory: String) {
    let path = PathText.bytes(of: path)
    let relative = Self.path(path, relativeTo: PathText.bytes(of: runDirectory))
    self.init(path: path, relativePath: relative.flatMap { Self.isPath($0) ? $0 : nil })
  }

  /// The paths, as texts, at which the data of a run in `runDirectory` may be, best first.
  package func candidates(runDirectory: String) -> [String] {
    let moved = relativePath.map { Path.joined(runDirectory, PathText.text(of: $0)) }
    return (moved.map { [$0] } ?? []) + [PathText.text(of: path)]
  }

  private static let slash = UInt8(ascii: "/")

  private static func isPath(_ bytes: [UInt8]) -> Bool {
    (1...maximumBytes).contains(bytes.count) && !bytes.contains(0)
  }

  /// Returns nil where a path is not absolute or contains `..`.
  private static func path(_ path: [UInt8], relativeTo directory: [UInt8]) -> [UInt8]? {
    guard let target = components(path), let start = components(directory) else { return nil }
    let common = zip(target, start).prefix { $0 == $1 }.count
    let up = [ArraySlice<UInt8>](repeating: Array("..".utf8)[...], count: start.count - common)
    let parts = up + target.dropFirst(common)
    return parts.isEmpty ? Array(".".utf8) : Array(parts.joined(separator: [slash]))
  }

  private static func components(_ path: [UInt8]) -> [ArraySlice<UInt8>]? {
    guard path.first == slash else { return nil }
    let parts = path.split(separator: slash).filter { !$0.elementsEqual(".".utf8) }
    return parts.contains { $0.elementsEqual("..".utf8) } ? nil : parts
  }
}
