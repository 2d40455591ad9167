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
    let file = try NewFile(for: path, size: bytes.count, calls: calls)
    do throws(DurableFileError) {
      try bytes.withUnsafeBufferPointer { buffer throws(DurableFileError) in
        try file.write(UnsafeRawBufferPointer(buffer))
      }
      try file.save(comparing: bytes)
    } catch {
      file.discard()
      throw error
    }
    try file.synchronizeDirectory()
  }

  /// Saves a file whose content is written part by part. Checksums are compared when it is read back.
  ///
  /// - Parameter size: The bytes that it will have, or a little less.
  ///
  /// *Throws:* as `write(_:to:)`, and errors of `content`, after which the target is unchanged as well.
  package static func write(
    to path: String, size: Int, calls: FileCalls = .system, content: (NewFile) throws -> Void
  ) throws {
    let file = try NewFile(for: path, size: size, calls: calls)
    do {
      try content(file)
      try file.save(comparing: nil)
    } catch {
      file.discard()
      throw error
    }
    try file.synchronizeDirectory()
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
}
