import RSORanks
import RSORuns
import RSOSearch
import RSOSystem

/// The processes that a launcher (mpirun, srun) has started to compute one run together.
struct RunRanks {
  /// Nil for a process that runs alone.
  let launch: Launch?
  private(set) var all: any Ranks = SoleRank()

  init(_ launch: Launch? = Launch(PathText.environment)) { self.launch = launch }

  /// True if another process reads and writes the run's files, and talks to the user.
  var isFollower: Bool { (launch?.rank ?? 0) > 0 }

  var countHere: Int { launch?.countHere ?? 1 }

  /// Connects the processes. Each of them has to come here.
  ///
  /// *Throws:* `MPIError`; `RunError.ranksNeedSamples`.
  mutating func begin(_ plan: SearchPlan) throws {
    guard let launch else { return }
    guard plan.options.parallel == .none else {
      throw RunError.ranksNeedSamples(count: launch.count)
    }
    all = try MPIRanks(launch, library: Self.libraryPaths)
  }

  /// Ends MPI, which waits for all processes.
  func end() { (all as? MPIRanks)?.end() }

  /// Where the library that `make mpi` builds may be: at `$RSO_MPI`; where that is not set, beside the
  /// program, or as installed.
  private static var libraryPaths: [String] {
    if let path = PathText.environment("RSO_MPI") { return [path] }
    let folder = Path.parent(of: OwnProgram.path)
    return [
      Path.joined(folder, MPIRanks.fileName),
      Path.joined(Path.joined(Path.parent(of: folder), "libexec/rso"), MPIRanks.fileName),
    ]
  }
}
