import HDF5
import RSONetworks
import RSONumerics
import RSOSearch

/// Makes the bytes of a checkpoint file.
package enum CheckpointWriter {
  private typealias Schema = CheckpointSchema

  /// The whole file, user block included; see `DurableFile` for putting it on a disk.
  ///
  /// *Reproducibility:* equal checkpoints give equal bytes.
  ///
  /// *Throws:* `CheckpointError.unsaveable` for a checkpoint whose parts do not belong together.
  package static func encode(_ checkpoint: Checkpoint) throws(CheckpointError) -> [UInt8] {
    do {
      let layout = try StageGraph(checkpoint.plan.architecture).layout
      try checkpoint.check(layout: layout)
      let generator = "rso \(checkpoint.provenance.version)"
      let file = try HDF5File(userBlock: UserBlock.size)
      try write(checkpoint, layout, generator: generator, in: try file.root())
      guard let bytes = UserBlock.seal(try file.image(), generator: generator) else {
        throw Defect("/provenance", "version '\(checkpoint.provenance.version)' is not printable")
      }
      try require(
        bytes.count <= Schema.maximumFileSize, "/",
        "\(bytes.count) bytes, more than the \(Schema.maximumFileSize) a checkpoint may have")
      return bytes
    } catch {
      let defect = Defect(error, in: "/")
      throw .unsaveable(object: defect.object, problem: defect.problem)
    }
  }

  private static func write(
    _ checkpoint: Checkpoint, _ layout: ParameterLayout, generator: String,
    in root: borrowing HDF5Group
  ) throws {
    let (plan, state) = (checkpoint.plan, checkpoint.state)
    let planText = try CanonicalJSON.encode(StoredPlan(plan))
    let architectureText = try CanonicalJSON.encode(plan.architecture)
    try root.setAttribute(Schema.Root.format, Schema.format)
    try root.setAttribute(Schema.Root.formatVersion, Schema.version.description)
    try root.setAttribute(Schema.Root.generator, generator)
    try root.setAttribute(Schema.Root.runID, checkpoint.provenance.runID)
    try root.setAttribute(
      Schema.Root.stateSHA256,
      StateDigest.sha256(
        planText: planText, architectureText: architectureText, layout: layout, state: state,
        seed: plan.seed))
    try root.write(text: planText, as: Schema.plan)
    try root.write(text: architectureText, as: Schema.architecture)
    try writeParameters(state.parameters, layout, in: try root.createGroup(Schema.parameters))
    if let statistics = checkpoint.statistics {
      try write(statistics, layout, in: try root.createGroup(Schema.statistics))
    }
    try write(state, checkpoint.history, in: try root.createGroup(Schema.search))
    try writeRandom(seed: plan.seed, in: try root.createGroup(Schema.random))
    try write(
      checkpoint.history, layers: layout.layers.count, in: try root.createGroup(Schema.history))
    try write(checkpoint.provenance, in: try root.createGroup(Schema.provenance))
  }

  private static func writeParameters(
    _ parameters: [Float], _ layout: ParameterLayout, in group: borrowing HDF5Group
  ) throws {
    for (index, layer) in layout.layers.enumerated() {
      let member = try group.createGroup(layer.name)
      try member.setAttribute(Schema.position, Int64(index))
      for tensor in layer.tensors {
        try member.write(
          Array(parameters[tensor.range]), shape: tensor.shape, as: Schema.tensor(tensor.kind))
      }
    }
  }

  private static func write(
    _ statistics: NormalizationStatistics, _ layout: ParameterLayout,
    in group: borrowing HDF5Group
  ) throws {
    for (index, layer) in layout.layers.enumerated() where layer.tensor(.gamma) != nil {
      let member = try group.createGroup(layer.name)
      try member.write(
        statistics.mean[index], shape: [layer.outputs], as: Schema.Statistics.mean)
      try member.write(
        statistics.variance[index], shape: [layer.outputs], as: Schema.Statistics.variance)
    }
  }

  private static func write(
    _ state: SearchState, _ history: [CycleRecord], in group: borrowing HDF5Group
  ) throws {
    let layers = state.initialDeviations.count
    let cursor = [state.cursor.cycle, state.cursor.layer, state.cursor.neuron]
    try group.write(cursor.map(Int64.init), shape: [3], as: Schema.Search.cursor)
    try group.write(
      state.initialDeviations, shape: [layers], as: Schema.Search.initialDeviation)
    try group.write(
      history.flatMap(\.deviations), shape: [history.count, layers], as: Schema.Search.deviation)
    try group.write(
      state.tallies.flatMap(\.stored), shape: [layers, 3], as: Schema.Search.choices)
    try group.write([state.lossSum], shape: [], as: Schema.Search.lossSum)
    try group.write([Int64(state.comparisons)], shape: [], as: Schema.Search.comparisons)
    try group.write([Int64(state.evaluations)], shape: [], as: Schema.Search.evaluations)
    if let factors = state.deviationFactors {
      try group.write(factors, shape: [layers], as: Schema.Search.deviationFactor)
    }
    if let layerParameters = state.layerParameters {
      try group.write(
        layerParameters, shape: [layerParameters.count], as: Schema.Search.layerParameters)
    }
  }

  private static func writeRandom(seed: UInt64, in group: borrowing HDF5Group) throws {
    try group.write(text: Schema.algorithm, as: Schema.Random.algorithm)
    let keys = try group.createGroup(Schema.Random.key)
    let counters = try group.createGroup(Schema.Random.counter)
    for purpose in RandomPurpose.allCases {
      let key = RandomKey(seed: seed, purpose: purpose).philox
      try keys.write([key[0], key[1]], shape: [2], as: Schema.name(of: purpose))
      try counters.write(text: Schema.counter(of: purpose), as: Schema.name(of: purpose))
    }
  }

  private static func write(
    _ history: [CycleRecord], layers: Int, in group: borrowing HDF5Group
  ) throws {
    typealias History = Schema.History
    let rows = [history.count]
    try group.write(history.map { Int64($0.cycle) }, shape: rows, as: History.cycle)
    try group.write(history.map(\.trainingLoss), shape: rows, as: History.trainingLoss)
    try group.write(history.map(\.testLoss), shape: rows, as: History.testLoss)
    try group.write(history.map(\.testAccuracy), shape: rows, as: History.testAccuracy)
    try group.write(history.map { Int64($0.evaluations) }, shape: rows, as: History.evaluations)
    try group.write(history.map(\.seconds), shape: rows, as: History.seconds)
    try group.write(
      history.flatMap { $0.tallies.flatMap(\.stored) }, shape: [history.count, layers, 3],
      as: History.choices)
  }

  private static func write(
    _ provenance: Provenance, in group: borrowing HDF5Group
  ) throws {
    typealias Names = Schema.Provenance
    try group.setAttribute(Names.version, provenance.version)
    try group.setAttribute(Names.numericPath, provenance.numericPath)
    try group.setAttribute(Names.instructionSet, provenance.instructionSet)
    try group.setAttribute(Names.host, provenance.host)
    try group.setAttribute(Names.created, provenance.created)
    try group.setAttribute(Names.saved, provenance.saved)
    try group.setAttribute(Names.resumes, Int64(provenance.resumes))
    if let resumedFrom = provenance.resumedFrom {
      try group.setAttribute(Names.resumedFrom, resumedFrom)
    }
    try group.setAttribute(Names.secondsInCycle, provenance.secondsInCycle)
    if let differentBits = provenance.differentBits {
      try group.setAttribute(Names.differentBits, differentBits)
    }
    if let resealed = provenance.resealed { try group.setAttribute(Names.resealed, resealed) }
    if let place = provenance.dataPlace {
      try group.setAttribute(Names.dataPath, EscapedPath.encode(place.path))
      if let relativePath = place.relativePath {
        try group.setAttribute(Names.dataPathRelative, EscapedPath.encode(relativePath))
      }
    }
  }
}

extension StepTally {
  /// The row of a `choices` dataset.
  fileprivate var stored: [Int64] { [Int64(kept), Int64(plus), Int64(minus)] }
}
