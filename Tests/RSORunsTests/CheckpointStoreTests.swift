import Foundation
import RSOCheckpoints
import RSORuns
import RSOSearch
import RSOSystem
import TestSupport
import Testing

@Suite("CheckpointStore")
struct CheckpointStoreTests {
  let temporary: TemporaryDirectory
  let paths: RunPaths
  /// 0 ... 18: nine a cycle.
  let boundaries: [Checkpoint]

  init() throws {
    temporary = try TemporaryDirectory()
    paths = RunPaths(directory: temporary.path)
    boundaries = try SmallRun.boundaries()
  }

  private func damage(_ path: String) throws {
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: URL(fileURLWithPath: path))
  }

  private func write(_ checkpoint: Checkpoint, to path: String) throws {
    try DurableFile.write(CheckpointWriter.encode(checkpoint), to: path)
  }

  @Test("a save inside a cycle replaces last.h5 and its copy, which are two files")
  func insideCycle() throws {
    var store = CheckpointStore(paths: paths)
    try store.save(boundaries[4])
    #expect(try temporary.names(in: "") == ["last-copy.h5", "last.h5"])
    try store.save(boundaries[5])
    #expect(try temporary.names(in: "") == ["last-copy.h5", "last.h5"])
    let files = try [paths.last, paths.lastCopy].map {
      try FileManager.default.attributesOfItem(atPath: $0)
    }
    #expect(files[0][.systemFileNumber] as? Int != files[1][.systemFileNumber] as? Int)
    #expect(files.allSatisfy { $0[.referenceCount] as? Int == 1 })
    #expect(try CheckpointReader.read(paths.lastCopy).checkpoint == boundaries[5])
    #expect(try CheckpointReader.read(paths.last).checkpoint == boundaries[5])
  }

  /// The boundaries of a run of four cycles, of which the second and the fourth are the best.
  private func longRun() throws -> [Checkpoint] {
    try SmallRun.boundaries(SmallRun.plan { $0.cycles = 4 }).map { checkpoint in
      var checkpoint = checkpoint
      for (index, loss) in [0.5, 0.25, 0.375, 0.25].prefix(checkpoint.history.count).enumerated() {
        checkpoint.history[index].trainingLoss = loss
      }
      return checkpoint
    }
  }

  @Test("a save at a cycle's end writes the cycle's file, and best.h5 if none was better")
  func cycleEnd() throws {
    var store = CheckpointStore(paths: paths)
    let longer = try longRun()
    for (cycle, best) in [(0, nil), (1, 1), (2, 2), (3, 2), (4, 2)] as [(Int, Int?)] {
      try store.save(longer[cycle * 9])
      #expect(paths.cycles() == Array(0...cycle))
      #expect(try CheckpointReader.read(paths.cycle(cycle)).checkpoint == longer[cycle * 9])
      #expect(try CheckpointReader.read(paths.last).checkpoint == longer[cycle * 9])
      let stored = try? CheckpointReader.read(paths.best).checkpoint
      #expect(stored?.state.cursor.cycle == best)
    }
  }

  @Test("best.h5 that a killed process owes is written by the next one, from the cycle's file")
  func owedBest() throws {
    let longer = try longRun()
    for (place, best, older) in [(9, 1, nil), (18, 2, 1), (22, 2, 1), (31, 2, nil)]
      as [(Int, Int, Int?)]
    {
      var store = CheckpointStore(paths: paths)
      for place in 0...place { try store.save(longer[place]) }
      try FileManager.default.removeItem(atPath: paths.best)
      if let older { try write(longer[older * 9], to: paths.best) }
      var next = CheckpointStore(paths: paths)
      try next.save(longer[place])
      #expect(try CheckpointReader.read(paths.best).checkpoint == longer[best * 9])
      for name in try temporary.names(in: "") {
        try FileManager.default.removeItem(atPath: temporary.path + "/" + name)
      }
    }
  }

  @Test(
    "a run that goes on in another directory takes its best state along", arguments: [true, false])
  func takenBest(hasFile: Bool) throws {
    let longer = try longRun()
    var store = CheckpointStore(paths: paths)
    for place in 0...31 { try store.save(longer[place]) }
    if !hasFile { try FileManager.default.removeItem(atPath: paths.best) }
    let elsewhere = try TemporaryDirectory()
    let new = RunPaths(directory: elsewhere.path)
    var alone = CheckpointStore(paths: new)
    try alone.save(longer[31])
    #expect(try elsewhere.names(in: "") == ["last-copy.h5", "last.h5"])
    var next = CheckpointStore(paths: new, earlier: paths)
    try next.save(longer[32])
    #expect(try CheckpointReader.read(new.best).checkpoint == longer[18])
  }

  @Test("the newest checkpoint is found by what it holds, not by its name")
  func byPosition() throws {
    try write(boundaries[9], to: paths.cycle(7))
    try write(boundaries[13], to: paths.cycle(2))
    try write(boundaries[4], to: paths.last)
    let newest = try CheckpointStore(paths: paths).newest()
    #expect(newest.stored.checkpoint == boundaries[13] && newest.path == paths.cycle(2))
    #expect(newest.unreadable.isEmpty)
  }

  @Test("inside a cycle the layer nearer the input is the later one")
  func byLayer() throws {
    // Neuron 2 of layer 1 comes before neuron 0 of layer 0.
    try write(boundaries[2], to: paths.last)
    try write(boundaries[3], to: paths.best)
    #expect(try CheckpointStore(paths: paths).newest().path == paths.best)
  }

  @Test("of equals last.h5 is taken")
  func equals() throws {
    var store = CheckpointStore(paths: paths)
    try store.save(boundaries[9])
    #expect(try store.newest().path == paths.last)
  }

  @Test("damaged files are walked past, and named")
  func fallback() throws {
    var store = CheckpointStore(paths: paths)
    for place in [0, 9, 14] { try store.save(boundaries[place]) }
    try damage(paths.last)
    var newest = try store.newest()
    #expect(newest.path == paths.lastCopy && newest.stored.checkpoint == boundaries[14])
    try damage(paths.lastCopy)
    newest = try store.newest()
    #expect(newest.path == paths.cycle(1))
    #expect(newest.stored.checkpoint == boundaries[9])
    #expect(newest.unreadable.map(\.path) == [paths.last, paths.lastCopy])
    #expect(newest.unreadable[0].reason.contains("'\(paths.last)'"))

    try damage(paths.cycle(1))
    try Data("not a checkpoint".utf8).write(to: URL(fileURLWithPath: paths.best))
    newest = try store.newest()
    #expect(newest.path == paths.cycle(0) && newest.stored.checkpoint == boundaries[0])
    #expect(
      newest.unreadable.map(\.path) == [paths.last, paths.lastCopy, paths.cycle(1), paths.best])

    try damage(paths.cycle(0))
    #expect {
      try store.newest()
    } throws: { error in
      guard case RunError.noUsableCheckpoint(_, let unreadable) = error else { return false }
      return unreadable.count == 5
    }
  }

  @Test("files of cycles that are over are not parsed, but their user blocks are read")
  func cost() throws {
    var store = CheckpointStore(paths: paths)
    for place in 0...18 { try store.save(boundaries[place]) }
    // Damage that only reading the whole file would find.
    for cycle in [0, 1] { try damage(paths.cycle(cycle)) }
    var newest = try store.newest()
    #expect(newest.path == paths.last && newest.unreadable.isEmpty)
    // What the first bytes tell is told.
    let bytes = try Data(contentsOf: URL(fileURLWithPath: paths.cycle(1)))
    try bytes.dropLast(1).write(to: URL(fileURLWithPath: paths.cycle(1)))
    try Data("no checkpoint".utf8).write(to: URL(fileURLWithPath: paths.cycle(0)))
    newest = try store.newest()
    #expect(
      newest.unreadable.map(\.error) == [
        .notHDF5(path: paths.cycle(0)),
        .truncated(path: paths.cycle(1), expected: bytes.count, found: bytes.count - 1),
      ])
    // A file whose name says that it is newer is parsed.
    try write(boundaries[18], to: paths.cycle(3))
    try damage(paths.cycle(3))
    #expect(try store.newest().unreadable.map(\.path).last == paths.cycle(3))
  }

  @Test("the end of a run knows which of its files are missing")
  func missingFiles() throws {
    var store = CheckpointStore(paths: paths)
    for place in [0, 9, 18] { try store.save(boundaries[place]) }
    let end = try store.newest().stored
    #expect(!store.lacksFiles(of: end))
    for path in [paths.last, paths.lastCopy, paths.cycle(2), paths.best] {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      for change in [
        { try self.damage(path) }, { try FileManager.default.removeItem(atPath: path) },
      ]
        as [() throws -> Void]
      {
        try change()
        #expect(store.lacksFiles(of: end), "\(path)")
        try store.completeFiles(of: end)
        #expect(!store.lacksFiles(of: end), "\(path)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes, "\(path)")
      }
    }
    // A good file of the cycle stays as it is, whatever state it holds.
    try write(boundaries[9], to: paths.cycle(2))
    #expect(!store.lacksFiles(of: end))
  }

  @Test("a directory without checkpoints has no newest one")
  func none() {
    #expect(throws: RunError.noRun(path: temporary.path)) {
      try CheckpointStore(paths: paths).newest()
    }
  }

  @Test("only files that are what their names say are pruned")
  func pruning() throws {
    try write(boundaries[4], to: paths.cycle(0))
    try Data("precious".utf8).write(to: URL(fileURLWithPath: temporary("ckpt-000000-mine.h5")))
    var store = CheckpointStore(paths: paths, retention: Retention(keepLast: 1))
    try store.save(boundaries[9])
    try store.save(boundaries[18])
    #expect(paths.cycles() == [0, 2])
    #expect(exists(temporary("ckpt-000000-mine.h5")))
  }

  @Test("a file that may be good to another program is not overwritten with an older state")
  func undecided() throws {
    var store = CheckpointStore(paths: paths)
    for place in [0, 9, 14] { try store.save(boundaries[place]) }
    // Damage is passed over.
    try damage(paths.last)
    try store.newest().requireCertainty()
    // What a newer rso wrote is not.
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: paths.lastCopy)))
    bytes[15] = UInt8(ascii: "3")
    try Data(bytes).write(to: URL(fileURLWithPath: paths.lastCopy))
    let newest = try store.newest()
    #expect(newest.path == paths.cycle(1))
    #expect(newest.unreadable.map(\.mayBeGood) == [false, true])
    #expect {
      try newest.requireCertainty()
    } throws: { error in
      guard case RunError.undecided(let path, let reason) = error else { return false }
      return path == paths.lastCopy && reason.contains("format version 3.3 is newer")
    }
    try FileManager.default.removeItem(atPath: paths.lastCopy)
    try store.newest().requireCertainty()
    // What cannot be opened is not either: root may read all files, but no directory.
    try FileManager.default.removeItem(atPath: paths.last)
    try FileManager.default.createDirectory(
      atPath: paths.last, withIntermediateDirectories: false)
    #expect(throws: RunError.self) { try store.newest().requireCertainty() }
  }

  @Test("a checkpoint of another run is walked past, however far on it is")
  func otherRun() throws {
    var store = CheckpointStore(paths: paths)
    try store.save(boundaries[4])
    var other = boundaries[18]
    other.provenance.runID = "other"
    try write(other, to: paths.cycle(2))
    let newest = try store.newest()
    #expect(newest.path == paths.last && newest.stored.checkpoint == boundaries[4])
    #expect(
      newest.unreadable == [
        UnreadableCheckpoint(
          path: paths.cycle(2), error: RunError.otherRun(path: paths.cycle(2), of: paths.last))
      ])
  }

  @Test("a save whose copies fail says that the state itself is safe")
  func inPart() throws {
    var calls = FileCalls.system
    calls.rename = { directory, old, new in
      if new == "last-copy.h5" { errno = EIO }
      return new == "last-copy.h5" ? -1 : FileCalls.system.rename(directory, old, new)
    }
    var store = CheckpointStore(paths: paths, calls: calls)
    #expect {
      try store.save(boundaries[9])
    } throws: { error in
      guard case RunError.savedInPart(let path, let reason) = error else { return false }
      return path == paths.last && reason.contains("last-copy.h5") && reason.contains("rename")
    }
    #expect(try CheckpointReader.read(paths.last).checkpoint == boundaries[9])
    #expect(paths.cycles().isEmpty)
    let saver = BoundarySaver(
      store: store, checkpoint: boundaries[9], clock: RunClock(elapsed: { 0 }, date: { 5 }))
    let conclusion = try saver.conclude()
    #expect(conclusion.path == paths.last && conclusion.missing != nil)
  }

  @Test("a reason that all files share is told once")
  func sharedReason() {
    let missing = CheckpointError.noContentsProgram(path: "/x/rso", reason: "gone")
    let unreadable = ["a", "b"].map { UnreadableCheckpoint(path: $0, error: missing) }
    #expect(unreadable.allSatisfy { $0.mayBeGood })
    #expect(
      RunError.noUsableCheckpoint(directory: "d", unreadable: unreadable).description
        == "no checkpoint in 'd' can be used: \(missing)")
  }

  @Test("an older file is not pruned for a newer one that is damaged")
  func pruningForDamaged() throws {
    var store = CheckpointStore(paths: paths, retention: Retention(keepLast: 1))
    try write(boundaries[9], to: paths.cycle(1))
    try write(boundaries[18], to: paths.cycle(2))
    try damage(paths.cycle(2))
    try store.save(boundaries[12])
    #expect(paths.cycles() == [1, 2])
  }

  @Test("nothing is pruned when a save fails")
  func pruningAfterFailure() throws {
    var store = CheckpointStore(paths: paths, retention: Retention(keepLast: 1))
    try store.save(boundaries[9])
    let disk = FullableDisk()
    disk.isFull.withLock { $0 = true }
    var failing = CheckpointStore(
      paths: paths, retention: Retention(keepLast: 1), calls: disk.calls)
    #expect(throws: DurableFileError.self) { try failing.save(boundaries[18]) }
    #expect(paths.cycles() == [1])
    #expect(try CheckpointReader.read(paths.last).checkpoint == boundaries[9])
    disk.isFull.withLock { $0 = false }
    try failing.save(boundaries[18])
    #expect(paths.cycles() == [2])
  }
}
