import RSORuns
import RSOSystem

/// The properties of the directory that runs are to be in. A property that is nil is not known.
package struct PlaceFacts: Sendable {
  package enum Kind: Sendable, Hashable {
    case directory
    /// Nothing has the name. The nearest parent that exists is examined.
    case missing
    /// A file, or another object that is not a directory.
    case notDirectory
    /// The directory cannot be examined. `code` is an `errno`.
    case denied(code: Int32)
  }

  /// The path as it was named.
  package var path: String
  package var kind: Kind
  /// The absolute path of the directory that was examined; nil if there is none.
  package var directory: String?
  package var fileSystem: MountedFileSystem?
  /// Bytes that this user may still write.
  package var availableBytes: Int?
  package var trial: DirectoryTrial?

  package init(path: String, kind: Kind, directory: String? = nil) {
    self.path = path
    self.kind = kind
    self.directory = directory
  }

  /// Examines a path, and tries the directory.
  package init(of path: String) {
    self.init(path: path, kind: Self.kind(of: path))
    switch kind {
    case .directory: directory = FileSystem.resolved(path)
    case .missing: directory = Self.nearestParent(of: path)
    case .notDirectory, .denied: return
    }
    guard let directory else { return }
    fileSystem = .containing(directory)
    availableBytes = FileSystem.availableBytes(at: directory).flatMap { Int(exactly: $0) }
    trial = DirectoryTrial(of: directory)
  }

  private static func kind(of path: String) -> Kind {
    do throws(SystemError) {
      return try FileSystem.status(of: path).kind == .directory ? .directory : .notDirectory
    } catch {
      return error.isMissing ? .missing : .denied(code: error.code)
    }
  }

  private static func nearestParent(of path: String) -> String? {
    var parent = Path.parent(of: Path.absolute(path))
    while parent != "/", !FileSystem.exists(parent) { parent = Path.parent(of: parent) }
    return FileSystem.isDirectory(parent) ? FileSystem.resolved(parent) : nil
  }
}
