import HDF5
import RSODatasets
import RSONetworks
import RSONumerics
import RSOSearch
import RSOSystem

/// Makes the bytes of a checkpoint file.
package enum CheckpointWriter {
  private typealias Schema = CheckpointSchema

  /// The whole file with its user block; `DurableFile` writes it to a disk.
  ///
  /// *Reproducibility:* equal checkpoints give equal bytes.
  ///
  /// *Throws:* `CheckpointError.unsaveable` if the parts of the checkpoint contradict each other.
  package static func encode(_ checkpoint: Checkpoint) throws(CheckpointError) -> [UInt8] {
    do {
      let order = try SearchOrder(checkpoint.plan)
      try checkpoint.check(order)
      let generator = "rso \(checkpoint.provenance.version)"
      let file = try HDF5File(userBlock: UserBlock.size)
      try write(checkpoint, order, generator: generator, in: try file.root())
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
    _ checkpoint: Checkpoint, _ order: SearchOrder, generator: String,
    in root: borrowing HDF5Group
  ) throws {
    let (plan, state, layout) = (checkpoint.plan, checkpoint.state, order.layout)
    let scope = StateScope(plan, order: order, cursor: state.cursor)
    let objects = state.objects(scope, history: checkpoint.history)
    let planText = try CanonicalJSON.encode(StoredPlan(plan))
    let architectureText = try CanonicalJSON.encode(plan.architecture)
    try root.setAttribute(Schema.Root.format, Schema.format)
    try root.setAttribute(Schema.Root.formatVersion, Schema.version.description)
    try root.setAttribute(Schema.Root.generator, generator)
    try root.setAttribute(Schema.Root.runID, checkpoint.provenance.runID)
    try root.setAttribute(
      Schema.Root.stateSHA256,
      StateDigest.sha256(
        planText: planText, architectureText: architectureText, state: state, scope))
    try root.write(text: planText, as: Schema.plan)
    try root.write(text: architectureText, as: Schema.architecture)
    try writeParameters(objects, layout, in: try root.createGroup(Schema.parameters))
    if let statistics = checkpoint.statistics {
      try write(statistics, layout, in: try root.createGroup(Schema.statistics))
    }
    let search = try root.createGroup(Schema.search)
    for object in objects where object.layer == nil { try write(object, in: search) }
    try writeRandom(seed: plan.seed, in: try root.createGroup(Schema.random))
    try write(
      checkpoint.history, layers: layout.layers.count,
      isValidated: plan.data.validationCount != nil, in: try root.createGroup(Schema.history))
    try write(checkpoint.provenance, in: try root.createGroup(Schema.provenance))
  }

  private static func writeParameters(
    _ objects: [StateObject], _ layout: ParameterLayout, in group: borrowing HDF5Group
  ) throws {
    for (index, layer) in layout.layers.enumerated() {
      let member = try group.createGroup(layer.name)
      try member.setAttribute(Schema.position, Int64(index))
      for object in objects where object.layer == layer.name { try write(object, in: member) }
    }
  }

  private static func write(_ object: StateObject, in group: borrowing HDF5Group) throws {
    switch object.values {
    case .float32(let values): try group.write(values, shape: object.shape, as: object.name)
    case .float64(let values): try group.write(values, shape: object.shape, as: object.name)
    case .int64(let values):
      try group.write(values.map(Int64.init), shape: object.shape, as: object.name)
    }
  }

  private static func write(
    _ statistics: NormalizationStatistics, _ layout: ParameterLayout,
    in group: borrowing HDF5Group
  ) throws {
    for (index, layer) in layout.layers.enumerated() where layer.hasStatistics {
      let member = try group.createGroup(layer.name)
      try member.write(
        statistics.mean[index], shape: [layer.outputs], as: Schema.Statistics.mean)
      try member.write(
        statistics.variance[index], shape: [layer.outputs], as: Schema.Statistics.variance)
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
    _ history: [CycleRecord], layers: Int, isValidated: Bool, in group: borrowing HDF5Group
  ) throws {
    typealias History = Schema.History
    let rows = [history.count]
    try group.write(history.map { Int64($0.cycle) }, shape: rows, as: History.cycle)
    try group.write(history.map(\.trainingLoss), shape: rows, as: History.trainingLoss)
    func write(_ scores: [SetScore?], _ loss: String, _ accuracy: String) throws {
      try group.write(scores.map { $0?.loss ?? .nan }, shape: rows, as: loss)
      try group.write(scores.map { $0?.accuracy ?? .nan }, shape: rows, as: accuracy)
    }
    try write(history.map(\.test), History.testLoss, History.testAccuracy)
    if isValidated {
      try write(
        history.map(\.validation), History.validationLoss, History.validationAccuracy)
    }
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
    if provenance.dataRequest != DataRequest() {
      var request = provenance.dataRequest
      request.testData = request.testData.map { EscapedPath.encode(PathText.bytes(of: $0)) }
      try group.setAttribute(Names.dataRequest, CanonicalJSON.encode(request))
    }
    if provenance.testedEnds > 0 {
      try group.setAttribute(Names.testedEnds, Int64(provenance.testedEnds))
    }
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
