internal import CMPIShim
internal import Glibc
import RSOSystem
import Synchronization

/// Ranks that are processes, on one machine or several, connected by MPI.
///
/// MPI is loaded at run time, by a small library that `make mpi` builds with a machine's own MPI: a
/// program that no launcher has started knows nothing of it.
package struct MPIRanks: Ranks {
  package let rank: Int
  package let count: Int
  /// The name and version of the MPI library.
  package let library: String
  private let shim: Shim
  /// The shim's number for these ranks: 0 for all.
  private let set: Int32

  /// The functions of the loaded library, which stays loaded.
  private struct Shim: @unchecked Sendable {
    // Sendable: constant, and MPI is called by the thread that began it alone.
    let table: UnsafePointer<rso_mpi>

    func words(_ code: Int32) -> String { text { table.pointee.text?(code, $0, $1) } }
    func library() -> String { text { table.pointee.library?($0, $1) } }

    private func text(_ write: (UnsafeMutablePointer<CChar>, Int) -> Void) -> String {
      var buffer = [CChar](repeating: 0, count: 1024)
      write(&buffer, buffer.count)
      return String(
        decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
  }

  /// The file name of the library that `make mpi` builds.
  package static let fileName = "librso-mpi.so"

  /// Begins MPI.
  ///
  /// - Parameters:
  ///   - launch: What the launcher says of this process.
  ///   - paths: Where the library may be, in the order of the search.
  ///
  /// *Throws:* `MPIError`.
  package init(_ launch: Launch, library paths: [String]) throws(MPIError) {
    shim = Shim(table: try Self.load(paths).table)
    let code = shim.table.pointee.begin?() ?? -1
    guard code == 0 else { throw .failed(reason: shim.words(code)) }
    library = shim.library()
    set = 0
    rank = Int(shim.table.pointee.rank?(0) ?? -1)
    count = Int(shim.table.pointee.size?(0) ?? -1)
    guard count == launch.count, (0..<count).contains(rank) else {
      throw .otherLauncher(library: library, found: count, expected: launch.count)
    }
  }

  private init(_ all: MPIRanks, set: Int32) {
    (library, shim, self.set) = (all.library, all.shim, set)
    rank = Int(shim.table.pointee.rank?(set) ?? -1)
    count = Int(shim.table.pointee.size?(set) ?? -1)
  }

  /// *Precondition:* these are all ranks.
  package func divided(into groups: Int) -> any Ranks {
    precondition(set == 0)
    let group = RankGroups.group(of: rank, among: count, groups: groups)
    var made: Int32 = 0
    check(shim.table.pointee.divide?(Int32(group), &made))
    return MPIRanks(self, set: made)
  }

  /// Loads the library that `make mpi` builds, and does not begin MPI.
  ///
  /// - Parameter paths: Where the library may be, in the order of the search.
  ///
  /// *Throws:* `MPIError`.
  package static func installed(library paths: [String]) throws(MPIError) -> InstalledMPI {
    let (path, table) = try load(paths)
    return InstalledMPI(path: path, library: Shim(table: table).library())
  }

  private static func load(
    _ paths: [String]
  ) throws(MPIError) -> (path: String, table: UnsafePointer<rso_mpi>) {
    guard let path = paths.first(where: FileSystem.isFile) else { throw .missing(paths: paths) }
    // Open MPI loads parts of its own, which look for its symbols in the whole process.
    guard let library = path.withCString({ dlopen($0, RTLD_NOW | RTLD_GLOBAL) }) else {
      let reason = dlerror().map { String(cString: $0) } ?? "unknown"
      throw .notLoaded(path: path, reason: reason)
    }
    guard let symbol = dlsym(library, "rso_mpi_table"),
      let table = unsafeBitCast(symbol, to: rso_mpi_lookup.self)(),
      table.pointee.interface == RSO_MPI_INTERFACE
    else { throw .otherVersion(path: path) }
    return (path, table)
  }

  package func gather(_ bytes: UnsafeMutableRawPointer, parts: [Range<Int>]) {
    precondition(parts.count == count)
    let most = Int(Int32.max)
    guard parts.allSatisfy({ $0.upperBound <= most }) else {
      return broadcast(bytes, parts: parts)
    }
    check(
      shim.table.pointee.gather?(
        set, bytes, parts.map { Int32($0.count) }, parts.map { Int32($0.lowerBound) }))
  }

  /// Gathers more bytes than MPI can count, piece by piece.
  private func broadcast(_ bytes: UnsafeMutableRawPointer, parts: [Range<Int>]) {
    for (root, part) in parts.enumerated() {
      for start in stride(from: part.lowerBound, to: part.upperBound, by: 1 << 30) {
        let count = min(part.upperBound - start, 1 << 30)
        check(shim.table.pointee.broadcast?(set, bytes + start, Int32(count), Int32(root)))
      }
    }
  }

  // MARK: The end

  private static let ending = Mutex<MPIRanks?>(nil)
  private static let longestEnd: UInt32 = 10  // seconds

  /// Says that all ranks come to their end: `finish` then ends MPI.
  package func end() { Self.ending.withLock { $0 = self } }

  /// Ends MPI once all ranks have come here, if `end` was called. It is the last thing that a process does.
  ///
  /// MPICH before version 4.2, with UCX, may wait forever in `MPI_Finalize`: one rank waits for the other ranks and
  /// no longer receives the messages that they still have to send (github.com/pmodels/mpich, pull request 6596). The
  /// run is saved and its answer is printed by then, so a process that waits for more than 10 s exits.
  ///
  /// - Parameter status: The exit status of the process.
  package static func finish(status: Int32) {
    let ranks = ending.withLock { ranks in
      defer { ranks = nil }
      return ranks
    }
    guard let ranks else { return }
    // A barrier: another rank may still have minutes of work.
    _ = ranks.values(of: UInt8(0))
    // Without a thread, the end is waited for.
    try? SystemThread.detach {
      sleep(longestEnd)
      _exit(status)
    }
    ranks.check(ranks.shim.table.pointee.end?())
  }

  /// Ends all ranks at once if a call has failed: without the others none can go on. The run's files
  /// are good; it is resumed from them.
  private func check(_ code: Int32?) {
    guard let code, code != 0 else { return }
    let message = "rso: rank \(rank): MPI failed: \(printable(shim.words(code)))\n"
    _ = StandardStream.write(Array(message.utf8), to: STDERR_FILENO)
    shim.table.pointee.abort?(1)
    _exit(1)
  }
}

/// The reasons why ranks cannot begin.
package enum MPIError: Error, Equatable {
  /// The library that `make mpi` builds is not there.
  case missing(paths: [String])
  case notLoaded(path: String, reason: String)
  /// The library was built for another version of rso.
  case otherVersion(path: String)
  case failed(reason: String)
  /// The launcher belongs to another MPI than the library.
  case otherLauncher(library: String, found: Int, expected: Int)
}

extension MPIError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missing(let paths):
      "this process is one of several that a launcher has started, and the library that connects "
        + "them is missing, looked for: "
        + paths.map { "'\(printable($0))'" }.joined(separator: ", ")
        + "; build it with 'make mpi' in rso's source directory, or start rso alone"
    case .notLoaded(let path, let reason):
      "cannot load '\(printable(path))': \(printable(reason)); build it again with 'make mpi' and "
        + "the MPI of this machine"
    case .otherVersion(let path):
      "'\(printable(path))' belongs to another version of rso; build it again with 'make mpi'"
    case .failed(let reason):
      "MPI cannot begin: \(printable(reason))"
    case .otherLauncher(let library, let found, let expected):
      "the launcher has started \(expected) processes, and \(printable(library)) sees \(found): "
        + "use the launcher of that MPI, or build 'make mpi' with the MPI of this launcher"
    }
  }
}
