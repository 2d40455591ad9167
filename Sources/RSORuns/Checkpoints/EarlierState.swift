import RSOCheckpoints

extension Checkpoint {
  /// Returns this run's state after an earlier cycle, from the file of that cycle; nil if no file has it. A file of
  /// another branch of the run, which has made other choices, is not taken.
  package func earlier(cycle: Int, in paths: RunPaths) -> Checkpoint? {
    guard let file = try? CheckpointReader.read(paths.cycle(cycle)).checkpoint, file.isCycleEnd,
      file.state.cursor.cycle == cycle, file.provenance.runID == provenance.runID,
      file.history.map(\.tallies) == history.prefix(cycle).map(\.tallies)
    else { return nil }
    return file
  }
}
