import Foundation
import RSOCheckpoints
import RSORuns

/// The checkpoint that `rso resume PATH` goes on from.
struct ResumeSource {
  /// The run directory it lies in, or would.
  let run: String
  /// Its file.
  let checkpoint: String
  let stored: SealedCheckpoint
  /// Newer ones that cannot be used.
  let unreadable: [UnreadableCheckpoint]

  /// - Parameter inPlace: Whether the run goes on in its own directory, which only its newest
  ///   checkpoint may do: an older one would overwrite what came after it.
  init(path: String, inPlace: Bool) throws {
    var isDirectory: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
    if exists, isDirectory.boolValue {
      let newest = try CheckpointStore(paths: RunPaths(directory: path)).newest()
      (run, checkpoint, stored) = (path, newest.path, newest.stored)
      unreadable = newest.unreadable
      return
    }
    (checkpoint, stored) = (path, try CheckpointReader.read(path))
    unreadable = []
    run = Self.directory(of: path)
    guard inPlace else { return }
    let paths = RunPaths(directory: run)
    let name = Self.name(of: path)
    guard paths.checkpoints().contains(where: { Self.name(of: $0) == name }) else {
      throw CommandError.outsideRun(checkpoint: path)
    }
    let newest = try CheckpointStore(paths: paths).newest()
    guard newest.stored.stateSHA256 == stored.stateSHA256 else {
      throw CommandError.notNewest(checkpoint: path, newest: newest.path)
    }
  }

  /// Takes the run directory, provided that nobody has gone on with the run since it was looked at.
  func open() throws -> RunDirectory {
    let directory = try RunDirectory.open(at: run)
    let newest = try CheckpointStore(paths: directory.paths).newest()
    guard newest.stored.stateSHA256 == stored.stateSHA256 else {
      throw CommandError.changedMeanwhile(run: run)
    }
    return directory
  }

  private static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func name(of path: String) -> Substring {
    path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
  }
}
