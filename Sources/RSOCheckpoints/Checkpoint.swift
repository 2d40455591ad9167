import RSODatasets
import RSONetworks
import RSOSearch

/// The origin of a checkpoint. It does not decide what a run does next.
package struct Provenance: Sendable, Hashable {
  /// 32 random hexadecimal digits, the same through all resumes of a run.
  package var runID: String
  /// The version of rso.
  package var version: String
  package var numericPath: String
  /// The instruction set of the kernels: `avx2`, `avx512`, `neon` or `generic`. All give the same bits.
  package var instructionSet: String
  package var host: String
  /// Seconds since 1970.
  package var created: Double
  package var saved: Double
  /// The number of times that the run was resumed.
  package var resumes: Int
  /// The SHA-256 of the file that the run was last resumed from; nil if it was never resumed.
  package var resumedFrom: String?
  /// Seconds of training in the current cycle.
  package var secondsInCycle: Double
  /// The versions and numeric paths that trained the run before the present one, and the position where
  /// each stopped; nil if a single one trained all of it.
  package var differentBits: String?
  /// When an edit was last accepted, in seconds since 1970; nil if none was.
  package var resealed: Double?
  /// The paths of the data; nil if they are unknown, as in imported checkpoints and in files of a
  /// format version before 2.2.
  package var dataPlace: DataPlace?
  /// The user's choices about reading the data.
  package var dataRequest: DataRequest
  /// The number of earlier ends of the run at which the test set was measured on the best cycle: it was extended
  /// after each of them.
  package var testedEnds: Int

  package init(
    runID: String, version: String, numericPath: String, instructionSet: String, host: String,
    created: Double, saved: Double, resumes: Int = 0, resumedFrom: String? = nil,
    secondsInCycle: Double = 0, differentBits: String? = nil, resealed: Double? = nil,
    dataPlace: DataPlace? = nil, dataRequest: DataRequest = DataRequest(), testedEnds: Int = 0
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
    self.dataRequest = dataRequest
    self.testedEnds = testedEnds
  }
}

/// The content of a checkpoint file: a run at a position between two neurons.
package struct Checkpoint: Sendable, Hashable {
  package var plan: SearchPlan
  package var state: SearchState
  /// The training-set statistics of batch norm for these parameters; nil inside a cycle, where they would
  /// cost a pass over the training set.
  package var statistics: NormalizationStatistics?
  /// One record per finished cycle.
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
