/// The place of this process among those that a launcher (mpirun, srun) has started together.
package struct Launch: Sendable, Hashable {
  package var rank: Int
  /// Processes of the program; at least 2.
  package var count: Int
  /// Those of them on this machine; at least 1.
  package var countHere: Int

  package init(rank: Int, count: Int, countHere: Int) {
    self.rank = rank
    self.count = count
    self.countHere = countHere
  }

  /// The variables in which launchers say the number of processes, the process's own number, and the
  /// number of processes on its machine.
  private static let variables = [
    // Open MPI
    ("OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_LOCAL_SIZE"),
    // MPICH, Intel MPI
    ("PMI_SIZE", "PMI_RANK", "MPI_LOCALNRANKS"),
    // Slurm's srun: "2(x3)" is two processes on each of three machines
    ("SLURM_STEP_NUM_TASKS", "SLURM_PROCID", "SLURM_STEP_TASKS_PER_NODE"),
  ]

  /// Returns nil if no launcher started this process, or if it is the only process.
  ///
  /// - Parameter environment: Returns the value of an environment variable.
  package init?(_ environment: (String) -> String?) {
    for (count, rank, countHere) in Self.variables {
      guard let all = environment(count).flatMap({ Int($0) }), all > 1,
        let own = environment(rank).flatMap({ Int($0) }), (0..<all).contains(own)
      else { continue }
      let here = environment(countHere).flatMap { Int($0.prefix(while: \.isNumber)) } ?? 1
      self.init(rank: own, count: all, countHere: min(max(1, here), all))
      return
    }
    return nil
  }
}
