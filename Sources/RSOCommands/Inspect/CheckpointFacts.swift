import RSOCheckpoints
import RSORuns

/// The JSON of `rso inspect` for a checkpoint. `history`, `spectrum` and `layer` are present if they
/// were asked for.
struct CheckpointFacts: Encodable {
  struct Best: Encodable {
    var cycle: Int
    /// The criterion that chose it, and the criterion's value.
    var by: String
    var value: Double
  }

  struct Provenance: Encodable {
    var runID: String
    /// Times in seconds since 1970.
    var created: Double
    var saved: Double
    var host: String
    var version: String
    var numericPath: String
    var instructionSet: String
    var resumes: Int
    var resumedFrom: String?
    var differentBits: String?
    var resealed: Double?
  }

  var path: String
  var network: String
  var parameters: Int
  var data: String
  /// Finished cycles, and those of the plan.
  var cycle: Int
  var cycles: Int
  var validationAccuracy: Double?
  var validationLoss: Double?
  var testAccuracy: Double?
  var testLoss: Double?
  var best: Best?
  var seed: UInt64
  /// Every entry of the plan by its name: the options of `rso train`, and facts such as
  /// `data-training` and `normalization`.
  var options: [String: String]
  /// The names of options that differ from their default.
  var changedOptions: [String]
  var provenance: Provenance
  var stateSHA256: String
  var layers: ReportValue
  var marks: ReportValue
  var history: ReportValue?
  var spectrum: ReportValue?
  var layer: ReportValue?

  init(_ inspection: CheckpointInspection, path: String) {
    let checkpoint = inspection.checkpoint
    self.path = path
    network = checkpoint.plan.architecture.name
    parameters = inspection.layout.parameterCount
    data = checkpoint.plan.data.name
    cycle = checkpoint.state.cursor.cycle
    cycles = checkpoint.plan.options.cycles
    validationAccuracy = checkpoint.history.last?.validation?.accuracy
    validationLoss = checkpoint.history.last?.validation?.loss
    testAccuracy = checkpoint.history.last?.test?.accuracy
    testLoss = checkpoint.history.last?.test?.loss
    let criterion = inspection.stored.criterion
    best = checkpoint.history.best(by: criterion).flatMap { record in
      criterion.value(of: record).map {
        Best(cycle: record.cycle, by: criterion.title, value: $0)
      }
    }
    seed = checkpoint.plan.seed
    options = Dictionary(
      uniqueKeysWithValues: PlanEntry.all(of: checkpoint.plan).map { ($0.name, $0.value) })
    changedOptions = InspectionHeader.changedOptions(checkpoint.plan).map(\.name)
    provenance = Provenance(checkpoint.provenance)
    stateSHA256 = inspection.stored.stateSHA256
    let rows = LayerRow.all(inspection.layers, marks: inspection.marks)
    layers = Report(rows, columns: LayerRow.columns).json
    marks = Report(inspection.marks, columns: HealthMark.columns).json
  }
}

extension CheckpointFacts.Provenance {
  init(_ origin: Provenance) {
    self.init(
      runID: origin.runID, created: origin.created, saved: origin.saved, host: origin.host,
      version: origin.version, numericPath: origin.numericPath,
      instructionSet: origin.instructionSet, resumes: origin.resumes,
      resumedFrom: origin.resumedFrom, differentBits: origin.differentBits,
      resealed: origin.resealed)
  }
}
