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
  /// Others of the directory that cannot be used.
  let unreadable: [UnreadableCheckpoint]
  /// Whether another file than `last.h5` had to be taken.
  let isFallback: Bool

  /// - Parameter inPlace: Whether the run goes on in its own directory, which only its newest
  ///   checkpoint may do: an older one would overwrite what came after it.
  init(path: String, inPlace: Bool) throws {
    if CheckpointArgument.isDirectory(path) {
      let newest = try CheckpointStore(paths: RunPaths(directory: path)).newest()
      if inPlace { try newest.requireCertainty() }
      (run, checkpoint, stored) = (path, newest.path, newest.stored)
      unreadable = newest.unreadable
      isFallback = newest.path != RunPaths(directory: path).last
      return
    }
    let path = try CheckpointArgument.file(path)
    (checkpoint, stored) = (path, try CheckpointReader.read(path))
    (unreadable, isFallback) = ([], false)
    run = RunPaths(around: path).directory
    guard inPlace else { return }
    let paths = RunPaths(directory: run)
    let name = Self.name(of: path)
    guard paths.checkpoints().contains(where: { Self.name(of: $0) == name }) else {
      throw CommandError.outsideRun(checkpoint: path)
    }
    let newest = try CheckpointStore(paths: paths).newest()
    try newest.requireCertainty()
    guard newest.stored.stateSHA256 == stored.stateSHA256 else {
      throw CommandError.notNewest(checkpoint: path, newest: newest.path)
    }
  }

  /// Takes the run directory, provided that nobody has gone on with the run since it was looked at.
  func open(locking: Locking) throws -> RunDirectory {
    let directory = try RunDirectory.open(at: run, locking: locking)
    let newest = try CheckpointStore(paths: directory.paths).newest()
    try newest.requireCertainty()
    guard newest.stored.stateSHA256 == stored.stateSHA256 else {
      throw CommandError.changedMeanwhile(run: run)
    }
    return directory
  }

  /// Where the run stands, in words.
  func place() throws -> String {
    let place = try stored.checkpoint.place()
    return Numbers.place(cycles: place[0], steps: place[1])
  }

  private static func name(of path: String) -> Substring {
    path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
  }
}
