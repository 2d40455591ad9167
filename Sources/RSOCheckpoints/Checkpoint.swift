import RSONetworks
import RSOSearch

/// Where a checkpoint comes from. Nothing here decides what a run does next.
package struct Provenance: Sendable, Hashable {
  /// Random, the same through all resumes of a run.
  package var runID: String
  /// rso's version.
  package var version: String
  package var numericPath: String
  /// Instruction set of the kernels (`avx2`, `avx512`, `neon`, `generic`); all give the same bits.
  package var instructionSet: String
  package var host: String
  /// Seconds since 1970.
  package var created: Double
  package var saved: Double
  /// Times that the run was taken up again.
  package var resumes: Int
  /// SHA-256 of the file that the run was last resumed from; nil for a run never interrupted.
  package var resumedFrom: String?
  /// Seconds of training in the cycle under way.
  package var secondsInCycle: Double
  /// Versions and numeric paths that trained the run before this one, with where each stopped; nil
  /// where one and the same did all of it.
  package var differentBits: String?
  /// When a hand's edit was last accepted, in seconds since 1970; nil if none ever was.
  package var resealed: Double?
  /// Where the data are; nil where that is unknown, as in an imported checkpoint and in one of a format
  /// version before 2.2.
  package var dataPlace: DataPlace?

  package init(
    runID: String, version: String, numericPath: String, instructionSet: String, host: String,
    created: Double, saved: Double, resumes: Int = 0, resumedFrom: String? = nil,
    secondsInCycle: Double = 0, differentBits: String? = nil, resealed: Double? = nil,
    dataPlace: DataPlace? = nil
  ) {
    self.runID = runID
    self.version = version
    self.numericPath = numericPath
    self.instructionSet = instructionSet
    self.host = host
    self.created = created
    self.saved = saved
    self.resumes = resumes
    self.resumedFrom = resumedFrom
    self.secondsInCycle = secondsInCycle
    self.differentBits = differentBits
    self.resealed = resealed
    self.dataPlace = dataPlace
  }
}

/// The content of a checkpoint file: a run between two neurons.
package struct Checkpoint: Sendable, Hashable {
  package var plan: SearchPlan
  package var state: SearchState
  /// Batch-norm statistics that belong to the parameters; nil inside a cycle, where taking them
  /// would cost a pass over the training set.
  package var statistics: NormalizationStatistics?
  /// One record a finished cycle.
  package var history: [CycleRecord]
  package var provenance: Provenance

  package init(
    plan: SearchPlan, state: SearchState, statistics: NormalizationStatistics?,
    history: [CycleRecord], provenance: Provenance
  ) {
    self.plan = plan
    self.state = state
    self.statistics = statistics
    self.history = history
    self.provenance = provenance
  }
}
