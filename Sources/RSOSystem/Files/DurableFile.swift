internal import Glibc

/// Saves a file so that, whatever happens, its name refers either to the complete old content or to
/// the complete new content.
///
/// The bytes go to a temporary file in the target's directory. It is synchronised, read back and
/// compared, and then takes the target's name. Last, the directory is synchronised. If the name is a
/// symbolic link, the link is replaced, and the file it led to does not change.
package enum DurableFile {
  /// Saves `bytes` under the name `path`.
  ///
  /// *Throws:* `DurableFileError.cannotSave` or `.readBackDiffers`. The temporary file is removed, and
  /// the target is unchanged, unless only the directory could not be synchronised: then the new bytes
  /// are in place, but a loss of power may bring back the old ones.
  package static func write(
    _ bytes: [UInt8], to path: String, calls: FileCalls = .system
  ) throws(DurableFileError) {
    let (directory, name) = split(path)
    let parent: Int32
    do throws(SystemError) {
      parent = try FileSystem.open(directory, O_RDONLY | O_DIRECTORY)
    } catch {
      throw .cannotSave(path: path, operation: "open the directory of", code: error.code)
    }
    defer { close(parent) }
    // The old file stays until the new one is complete, so the disk must hold both. If
    // there is no room for both, nothing is written: other programs keep the last free space.
    if let room = calls.room(parent), room < bytes.count {
      throw .cannotSave(
        path: path, operation: "find \(bytes.count) bytes of room for", code: ENOSPC)
    }
    let saving = FileSaving(path: path, directory: parent, calls: calls)
    let temporary = try saving.writeTemporary(bytes)
    do throws(DurableFileError) {
      try saving.readBack(temporary, expecting: bytes)
      guard calls.rename(parent, temporary, name) == 0 else { throw saving.failure("rename") }
    } catch {
      unlinkat(parent, temporary, 0)
      throw error
    }
    // EINVAL: a file system that cannot synchronise directories.
    guard calls.synchronize(parent) == 0 || errno == EINVAL else {
      throw saving.failure("fsync the directory of")
    }
  }

  /// Removes the temporary files that killed processes left in `directory`, and returns their names.
  /// The caller must hold the directory's lock: a temporary file of a process that is still writing is
  /// removed as well.
  ///
  /// *Throws:* `DurableFileError.cannotSweep`.
  @discardableResult
  package static func sweepTemporaries(
    in directory: String
  ) throws(DurableFileError) -> [String] {
    let names = try temporaries(in: directory)
    for name in names {
      do throws(SystemError) {
        try FileSystem.remove(Path.joined(directory, name))
      } catch {
        guard error.code == ENOENT else {
          throw .cannotSweep(directory: directory, code: error.code)
        }
      }
    }
    return names
  }

  /// Returns the names of the temporary files in `directory`: left over, or being written.
  ///
  /// *Throws:* `DurableFileError.cannotSweep`.
  package static func temporaries(in directory: String) throws(DurableFileError) -> [String] {
    do throws(SystemError) {
      return try FileSystem.names(in: directory).filter { name in
        guard TemporaryName.matches(name) else { return false }
        let path = Path.joined(directory, name)
        return (try? FileSystem.status(of: path, followingLinks: false))?.kind == .file
      }
    } catch {
      throw .cannotSweep(directory: directory, code: error.code)
    }
  }

  /// The directory and the name of a path, as rename(2) takes them: the name of `folder/` is empty.
  private static func split(_ path: String) -> (directory: String, name: String) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
    let directory = slash == path.startIndex ? "/" : String(path[..<slash])
    return (directory, String(path[path.utf8.index(after: slash)...]))
  }
}
