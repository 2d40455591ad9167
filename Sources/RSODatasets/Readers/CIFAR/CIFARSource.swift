import RSOSystem

/// The files of a data set of CIFAR's binary versions: in a directory, or in a tar archive, which is not
/// unpacked.
struct CIFARSource {
  /// The directory or archive.
  let path: String
  /// The names of the files that are read; others are left out.
  let names: [String]
  /// The most bytes that are read, of all files together.
  let limit: Int

  /// Tells if a file is a tar archive, plain or gzip, by its first header.
  static func recognition(ofArchive path: String) -> Recognition {
    do throws(FileReadError) {
      var input = try InflatedInput(path)
      let isArchive = TarHeader(try input.bytes(TarHeader.size)) != nil
      return isArchive ? .recognized : .unknown(reason: "not a tar archive")
    } catch {
      return .unknown(reason: error.reason)
    }
  }

  /// Calls `body` with the name, the bytes, and the path in messages of each file that is there.
  ///
  /// *Throws:* `CIFARError`.
  func each(_ body: (String, [UInt8], String) throws(CIFARError) -> Void) throws(CIFARError) {
    if FileSystem.isDirectory(path) {
      try eachInDirectory(body)
    } else {
      var archive = try Self.opened(path, limit: limit)
      while let (name, bytes) = try nextFile(of: &archive) {
        try body(name, bytes, "\(path):\(name)")
      }
    }
  }

  private func eachInDirectory(
    _ body: (String, [UInt8], String) throws(CIFARError) -> Void
  ) throws(CIFARError) {
    var room = limit
    for name in names {
      let file = Path.joined(path, name)
      guard FileSystem.exists(file) else { continue }
      let bytes: [UInt8]
      do throws(FileReadError) {
        bytes = try InputFile.contents(of: file, maximumBytes: room)
      } catch .tooLarge {
        throw .filesTooLarge(directory: path, limit: limit)
      } catch {
        throw .file(error)
      }
      room -= bytes.count
      try body(name, bytes, file)
    }
  }

  private static func opened(_ path: String, limit: Int) throws(CIFARError) -> TarReader {
    do throws(FileReadError) {
      return TarReader(try InflatedInput(path), limit: limit)
    } catch {
      throw .file(error)
    }
  }

  /// The next file of the data set in an archive; nil after the last one.
  private func nextFile(
    of archive: inout TarReader
  ) throws(CIFARError) -> (name: String, bytes: [UInt8])? {
    do throws(TarError) {
      while let member = try archive.nextMember() {
        let name = Path.name(of: member.name)
        if names.contains(name) { return (name, try archive.content(of: member)) }
      }
      return nil
    } catch {
      throw .archive(error)
    }
  }
}
