import RSORanks
import RSORuns
import RSOSearch
import RSOSystem

/// The processes that a launcher (mpirun, srun) has started to compute one run together.
struct RunRanks {
  /// This process's place among them; nil if it runs alone.
  let launch: Launch?
  private(set) var all: any Ranks = SoleRank()

  /// False if nothing is computed, and no process waits for another.
  private let connects: Bool

  init(connects: Bool, _ launch: Launch? = Launch(PathText.environment)) {
    self.connects = connects
    self.launch = launch
  }

  /// True if another process reads and writes the run's files, and talks to the user.
  var isFollower: Bool { (launch?.rank ?? 0) > 0 }

  var countHere: Int { launch?.countHere ?? 1 }

  /// The name and version of the MPI library; empty for a single process.
  var library: String { (all as? MPIRanks)?.library ?? "" }

  /// Does what comes before `begin`. If it fails here, the other processes learn of it in `begin`: some
  /// launchers let them wait for ever for a process that has ended before it called MPI.
  ///
  /// *Throws:* what `body` throws.
  func preparing<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch {
      if connects, let launch, let all = try? MPIRanks(launch, library: Self.libraryPaths) {
        _ = all.values(of: Beginning.impossible.rawValue)
        all.end()
      }
      throw error
    }
  }

  /// The message of each process to the others when they are connected.
  private enum Beginning: UInt8 { case begins, continues, impossible }

  /// Connects the processes. It returns on none of them before all of them have called it, so that all have
  /// read their files before the first one writes.
  ///
  /// - Parameters:
  ///   - plan: The plan that is carried out; nil for a run that is finished.
  ///   - continues: True if this process has found a run to continue.
  ///
  /// *Throws:* `MPIError`; `RunError.ranksNeedSamples`; `.rankCannotBegin` if another process has failed
  /// before; `.ranksDiffer` if not all have found the run.
  mutating func begin(_ plan: SearchPlan?, continues: Bool) throws {
    guard connects, let launch else { return }
    if let plan, plan.options.parallel != .none {
      throw RunError.ranksNeedSamples(count: launch.count)
    }
    let connected = try MPIRanks(launch, library: Self.libraryPaths)
    let beginnings = connected.values(
      of: (continues ? Beginning.continues : .begins).rawValue)
    if let rank = beginnings.firstIndex(of: Beginning.impossible.rawValue) {
      connected.end()
      throw RunError.rankCannotBegin(rank: rank)
    }
    if let rank = beginnings.firstIndex(where: { $0 != beginnings[0] }) {
      connected.end()
      throw RunError.ranksDiffer(rank: rank, part: "run directory")
    }
    all = connected
  }

  /// Ends MPI, which waits for all processes.
  func end() { (all as? MPIRanks)?.end() }

  /// The paths at which the library of `make mpi` is looked for: `$RSO_MPI` alone if it is set; otherwise
  /// beside the program, and in an installation.
  static var libraryPaths: [String] {
    if let path = PathText.environment("RSO_MPI") { return [path] }
    let folder = Path.parent(of: OwnProgram.path)
    return [
      Path.joined(folder, MPIRanks.fileName),
      Path.joined(Path.joined(Path.parent(of: folder), "libexec/rso"), MPIRanks.fileName),
    ]
  }
}
