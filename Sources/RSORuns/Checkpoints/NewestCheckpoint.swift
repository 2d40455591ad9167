import RSOCheckpoints
import RSOSystem

extension CheckpointStore {
  /// The newest checkpoint of a run by its position, and the files that could not be used.
  package struct Newest: Sendable {
    package var stored: SealedCheckpoint
    package var path: String
    package var unreadable: [UnreadableCheckpoint]

    /// *Throws:* `RunError.undecided` if another file may hold a later state: a run that is
    /// resumed from here would overwrite it.
    package func requireCertainty() throws {
      guard let file = unreadable.first(where: \.mayBeGood) else { return }
      throw RunError.undecided(path: file.path, reason: file.reason)
    }
  }

  /// Returns the usable checkpoint with the latest position in the run. A checkpoint of another run
  /// is not usable.
  ///
  /// The position is the one that a file holds, not the one in its name. A cycle's file is parsed only
  /// if its name says that it may be newer than what was found; of the others the user block is
  /// checked. So the cost does not grow with the number of cycles, except for reading 8 KiB per file.
  ///
  /// *Throws:* `RunError.noUsableCheckpoint`; the errors of `files()`.
  package func newest() throws -> Newest {
    let files = try files()
    var search = NewestSearch(files: files)
    search.look(at: paths)
    let unreadable = files.compactMap { search.unreadable[$0] }
    guard let found = search.found else {
      throw RunError.noUsableCheckpoint(directory: paths.directory, unreadable: unreadable)
    }
    return Newest(stored: found.stored, path: found.path, unreadable: unreadable)
  }

  /// The checkpoint files that exist, at least one.
  ///
  /// *Throws:* `RunError.noRun`; `RunError.system` for a directory that cannot be read.
  func files() throws -> [String] {
    let files = paths.checkpoints()
    guard files.isEmpty else { return files }
    try paths.requireAccess()
    throw RunError.noRun(path: paths.directory)
  }
}

/// The search for the checkpoint with the latest position.
private struct NewestSearch {
  struct Found {
    var stored: SealedCheckpoint
    var path: String
    var position: RunPosition
  }

  /// The index of each file in the list. Of two equal states the first file is taken.
  private let rank: [String: Int]
  private(set) var found: Found?
  private(set) var unreadable: [String: UnreadableCheckpoint] = [:]
  /// The first usable file: it tells which run the directory belongs to.
  private var owner: (runID: String, path: String)?
  /// Digests of files that hold nothing newer than `found`.
  private var known: Set<String> = []
  private var done: Set<String> = []

  init(files: [String]) {
    rank = Dictionary(uniqueKeysWithValues: zip(files, files.indices))
  }

  mutating func look(at paths: RunPaths) {
    let cycles = paths.cycles()
    parse(paths.last)
    parseUnlessKnown(paths.lastCopy)
    // The owner is the first usable file in the order of `files`.
    for cycle in cycles where owner == nil { parse(paths.cycle(cycle)) }
    for cycle in cycles.reversed() where cycle > found?.position.cycles ?? -1 {
      parse(paths.cycle(cycle))
    }
    for cycle in cycles { checkHeader(paths.cycle(cycle)) }
    // `best.h5` is a copy of a cycle's file.
    parseUnlessKnown(paths.best)
  }

  /// Reads a file completely, unless that was done.
  private mutating func parse(_ path: String) {
    guard rank[path] != nil, done.insert(path).inserted else { return }
    attempt(path) { search in
      let stored = try CheckpointReader.read(path)
      let position = try stored.checkpoint.position()
      let runID = stored.checkpoint.provenance.runID
      let owner = search.owner ?? (runID, path)
      guard owner.runID == runID else { throw RunError.otherRun(path: path, of: owner.path) }
      search.owner = owner
      search.known.insert(stored.userBlock.sha256)
      search.take(Found(stored: stored, path: path, position: position))
    }
  }

  /// Checks the bytes of a file, and parses it if they are not those of a file that was looked at.
  private mutating func parseUnlessKnown(_ path: String) {
    guard rank[path] != nil, !done.contains(path) else { return }
    attempt(path) { search in
      let block = try CheckpointReader.identity(path)
      if search.known.contains(block.sha256) {
        search.done.insert(path)
      } else {
        search.parse(path)
      }
    }
  }

  private mutating func checkHeader(_ path: String) {
    guard rank[path] != nil, done.insert(path).inserted else { return }
    attempt(path) { search in
      search.known.insert(try CheckpointReader.header(path).sha256)
    }
  }

  private mutating func attempt(_ path: String, _ body: (inout NewestSearch) throws -> Void) {
    do {
      try body(&self)
    } catch {
      // A running training has removed the file meanwhile.
      guard FileSystem.exists(path) else { return }
      unreadable[path] = UnreadableCheckpoint(path: path, error: error)
    }
  }

  private mutating func take(_ file: Found) {
    guard let before = found else {
      found = file
      return
    }
    let isLater = before.position < file.position
    let isSame = before.position == file.position
    let isEarlierFile = rank[file.path] ?? 0 < rank[before.path] ?? 0
    if isLater || (isSame && isEarlierFile) { found = file }
  }
}
