import RSOCheckpoints
import RSONetworks
import RSORuns
import RSOSearch

/// What `rso inspect --json` answers: of a checkpoint all keys but `format` and `tensors`, of another
/// file those and `path` and `marks`. `history`, `spectrum` and `layer` are there where asked for.
struct InspectionAnswer: Encodable {
  struct Numbers: Encodable {
    var name: String?
    var shape: [Int]
    var type: String?
    var count: Int
    var notFinite: Int
    var zeros: Int
    var mean: Double
    var standardDeviation: Double
    var minimum: Double
    var maximum: Double
    var norm: Double
    /// Since the run began.
    var relativeChange: Double?
    var cosine: Double?

    init(
      _ statistics: TensorStatistics, name: String? = nil, shape: [Int], type: String? = nil,
      change: VectorChange? = nil
    ) {
      self.name = name
      self.shape = shape
      self.type = type
      count = statistics.count
      notFinite = statistics.notFinite
      zeros = statistics.zeros
      mean = statistics.mean
      standardDeviation = statistics.standardDeviation
      minimum = statistics.minimum
      maximum = statistics.maximum
      norm = statistics.norm
      relativeChange = change?.relativeNorm
      cosine = change?.cosine
    }
  }

  struct Layer: Encodable {
    var name: String
    var parameters: Int
    var tensors: [String: Numbers]
    var firstSigma: Double
    var sigma: Double
    var lastCycle: StepTally?
    var allCycles: StepTally
  }

  struct Mark: Encodable {
    var object: String
    var problem: String
    var detail: String
  }

  struct Cycle: Encodable {
    var cycle: Int
    var trainingLoss: Double
    var testLoss: Double
    var testAccuracy: Double
    var evaluations: Int
    var seconds: Double
    /// A number a layer, in the order of `layers`.
    var sigmas: [Double]
    var choices: [StepTally]

    init(_ record: CycleRecord) {
      cycle = record.cycle
      trainingLoss = record.trainingLoss
      testLoss = record.testLoss
      testAccuracy = record.testAccuracy
      evaluations = record.evaluations
      seconds = record.seconds
      sigmas = record.deviations
      choices = record.tallies
    }
  }

  struct SpectrumOfLayer: Encodable {
    var name: String
    var rows: Int
    var columns: Int
    var singularValues: [Double]?
    var stableRank: Double?
    var conditionNumber: Double?
    var problem: String?

    init(_ spectrum: Spectrum) {
      name = spectrum.name
      rows = spectrum.rows
      columns = spectrum.columns
      singularValues = spectrum.values?.values
      stableRank = spectrum.values?.stableRank
      conditionNumber = spectrum.values?.conditionNumber
      problem = spectrum.problem
    }
  }

  struct Detail: Encodable {
    var name: String
    var histogramBounds: [Double]
    var histogram: [Int]
    var filterNorms: [Double]
    var largestOutputs: [Double]?
    var neverPositive: [Int]?
    var dead: [Int]?
    var samples: Int?

    init(_ detail: LayerDetail) {
      name = detail.name
      histogramBounds = (0...detail.histogram.counts.count).map(detail.histogram.bound)
      histogram = detail.histogram.counts
      filterNorms = detail.filters.map(\.statistics.norm)
      largestOutputs = detail.activity?.maxima
      neverPositive = detail.activity?.neverPositive
      dead = detail.activity.map { _ in detail.deadChannels }
      samples = detail.samples
    }
  }

  struct Provenance: Encodable {
    var runID: String
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

  struct Best: Encodable {
    var cycle: Int
    var testAccuracy: Double
  }

  var path: String
  var format: String?
  var network: String?
  var parameters: Int?
  var data: String?
  var cycle: Int?
  var cycles: Int?
  var testAccuracy: Double?
  var testLoss: Double?
  var best: Best?
  var seed: UInt64?
  /// Every option of the plan, by its name on the command line.
  var options: [String: String]?
  /// Those that are not as usual.
  var changedOptions: [String]?
  var provenance: Provenance?
  var stateSha256: String?
  var layers: [Layer]?
  var tensors: [Numbers]?
  var marks: [Mark]
  var history: [Cycle]?
  var spectrum: [SpectrumOfLayer]?
  var layer: Detail?

  init(_ inspection: CheckpointInspection, path: String) {
    let checkpoint = inspection.checkpoint
    let origin = checkpoint.provenance
    self.path = path
    network = checkpoint.plan.architecture.name
    parameters = inspection.layout.parameterCount
    data = checkpoint.plan.data.name
    cycle = checkpoint.state.cursor.cycle
    cycles = checkpoint.plan.options.cycles
    testAccuracy = checkpoint.history.last?.testAccuracy
    testLoss = checkpoint.history.last?.testLoss
    best = inspection.checkpoint.history.best.map {
      Best(cycle: $0.cycle, testAccuracy: $0.testAccuracy)
    }
    seed = checkpoint.plan.seed
    options = Dictionary(
      uniqueKeysWithValues: PlanEntry.all(of: checkpoint.plan).map { ($0.name, $0.value) })
    changedOptions = InspectionHeader.changedOptions(checkpoint.plan).map(\.name)
    provenance = Provenance(
      runID: origin.runID, created: origin.created, saved: origin.saved, host: origin.host,
      version: origin.version, numericPath: origin.numericPath,
      instructionSet: origin.instructionSet, resumes: origin.resumes,
      resumedFrom: origin.resumedFrom, differentBits: origin.differentBits,
      resealed: origin.resealed)
    stateSha256 = inspection.stored.stateSHA256
    layers = inspection.layers.map { layer in
      Layer(
        name: layer.name, parameters: layer.parameterCount,
        tensors: Dictionary(
          uniqueKeysWithValues: layer.tensors.map { tensor in
            (
              tensor.kind.rawValue,
              Numbers(tensor.statistics, shape: tensor.shape, change: tensor.change)
            )
          }), firstSigma: layer.firstDeviation, sigma: layer.deviation,
        lastCycle: layer.lastCycle, allCycles: layer.allCycles)
    }
    marks = inspection.marks.map(Mark.init)
  }

  init(_ found: FoundTensors, marks: [HealthMark], format: String, path: String) {
    self.path = path
    self.format = format
    tensors = found.tensors.map { tensor in
      Numbers(
        TensorStatistics(tensor.values), name: tensor.name, shape: tensor.shape,
        type: tensor.elementType)
    }
    self.marks = marks.map(Mark.init)
  }
}

extension InspectionAnswer.Mark {
  init(_ mark: HealthMark) {
    self.init(object: mark.name, problem: mark.code, detail: mark.detail)
  }
}
