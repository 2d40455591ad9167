import ArgumentParser
import RSORanks
import RSORuns
import RSOSearch
import RSOSystem

/// The processes that a launcher (mpirun, srun) has started to compute one run together.
struct RunRanks {
  /// This process's place among them; nil if it runs alone.
  let launch: Launch?
  private(set) var groups = RankGroups()
  /// The value of `--rank-groups`.
  private let askedGroups: Int?

  /// False if nothing is computed, and no process waits for another.
  private let connects: Bool

  init(
    connects: Bool, groups: Int? = nil, _ launch: Launch? = Launch(PathText.environment)
  ) {
    self.connects = connects
    askedGroups = groups
    self.launch = launch
  }

  var all: any Ranks { groups.all }

  /// True if another process reads and writes the run's files, and talks to the user.
  var isFollower: Bool { (launch?.rank ?? 0) > 0 }

  var countHere: Int { launch?.countHere ?? 1 }

  /// The number of groups that search different neurons of a plan: as many as there are processes, unless the
  /// user has given another number; one if a plan's neurons are searched one after the other.
  private func groupCount(_ plan: SearchPlan?) -> Int {
    guard let plan, plan.options.parallel != .none else { return askedGroups ?? 1 }
    return askedGroups ?? launch?.count ?? 1
  }

  /// True if this process is the first of its group, which alone asks the program that computes an objective.
  func isFirstOfGroup(_ plan: SearchPlan) -> Bool {
    guard let launch else { return true }
    let groups = min(groupCount(plan), launch.count)
    let group = RankGroups.group(of: launch.rank, among: launch.count, groups: groups)
    return launch.rank
      == RankGroups.firstRank(ofGroup: group, among: launch.count, groups: groups)
  }

  /// Returns the number of neurons that each group searches at a time.
  ///
  /// - Parameter own: As many as this process's memory and threads allow.
  func workers(_ own: Int) -> Int {
    // Processes that share the samples of a neuron work on one neuron at a time.
    let alone = groups.count == groups.all.count ? own : 1
    return groups.all.values(of: alone).min() ?? 1
  }

  /// The name and version of the MPI library; empty for a single process.
  var library: String { (all as? MPIRanks)?.library ?? "" }

  /// Does what comes before `begin`. If it fails here, the other processes learn of it in `begin`: some
  /// launchers let them wait for ever for a process that has ended before it called MPI.
  ///
  /// *Throws:* what `body` throws; `ExitCode` where rank 0 fails too, and reports it.
  func preparing<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch {
      if connects, let launch, let all = try? MPIRanks(launch, library: Self.libraryPaths) {
        let beginnings = all.values(of: Beginning.impossible.rawValue)
        all.end()
        // Rank 0 fails as well, and says why.
        if isFollower, beginnings[0] == Beginning.impossible.rawValue {
          throw ExitCode(failure(error)?.status ?? ExitStatus.software)
        }
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
  /// *Throws:* `MPIError`; `RunError.unusableGroups`; `.rankCannotBegin` if another process has failed
  /// before; `.ranksDiffer` if not all have found the run.
  mutating func begin(_ plan: SearchPlan?, continues: Bool) throws {
    let groups = groupCount(plan)
    let count = launch?.count ?? 1
    if let plan, groups > 1, groups > count || plan.options.parallel == .none {
      try preparing { throw RunError.unusableGroups(groups, ranks: count) }
    }
    guard connects, let launch else { return }
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
    self.groups = RankGroups(connected, count: plan == nil ? 1 : groups)
  }

  /// Says that all processes come to their end. MPI is ended when this one exits.
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
