import RSORanks
import RSORuns
import RSOSearch
import RSOSystem

/// The processes that a launcher (mpirun, srun) has started to compute one run together.
struct RunRanks {
  /// This process's place among them; nil if it runs alone.
  let launch: Launch?
  private(set) var all: any Ranks = SoleRank()

  init(_ launch: Launch? = Launch(PathText.environment)) { self.launch = launch }

  /// True if another process reads and writes the run's files, and talks to the user.
  var isFollower: Bool { (launch?.rank ?? 0) > 0 }

  var countHere: Int { launch?.countHere ?? 1 }

  /// Connects the processes. It returns on none of them before all of them have called it, so that all have
  /// read their files before the first one writes.
  ///
  /// *Throws:* `MPIError`; `RunError.ranksNeedSamples`.
  mutating func begin(_ plan: SearchPlan) throws {
    guard let launch else { return }
    guard plan.options.parallel == .none else {
      throw RunError.ranksNeedSamples(count: launch.count)
    }
    all = try MPIRanks(launch, library: Self.libraryPaths)
    _ = all.values(of: UInt8(0))
  }

  /// Ends MPI, which waits for all processes.
  func end() { (all as? MPIRanks)?.end() }

  /// The paths at which the library of `make mpi` is looked for: `$RSO_MPI` alone if it is set; otherwise
  /// beside the program, and in an installation.
  private static var libraryPaths: [String] {
    if let path = PathText.environment("RSO_MPI") { return [path] }
    let folder = Path.parent(of: OwnProgram.path)
    return [
      Path.joined(folder, MPIRanks.fileName),
      Path.joined(Path.joined(Path.parent(of: folder), "libexec/rso"), MPIRanks.fileName),
    ]
  }
}
