import HDF5
import RSODatasets
import RSONetworks
import RSONumerics
import RSOSearch
import RSOSystem

/// Makes a `Checkpoint` of the objects in a file. Everything that the format does not define is refused.
struct CheckpointParser {
  private typealias Schema = CheckpointSchema

  let userBlock: UserBlock
  /// True if a state is accepted that differs from its `state_sha256`.
  var acceptsEdits = false

  /// *Throws:* `Defect` or `HDF5Error`.
  ///
  /// - Returns: The checkpoint; the digest of the state that was found; and whether that is the stated one.
  func parse(
    _ root: HDF5Contents.Group
  ) throws -> (Checkpoint, stateSHA256: String, isAsStated: Bool) {
    let reader = GroupReader(userBlock)
    try checkRootAttributes(of: root)
    let members = try reader.members(
      of: root,
      required: [
        Schema.plan, Schema.architecture, Schema.parameters, Schema.search, Schema.random,
        Schema.history, Schema.provenance,
      ], optional: [Schema.statistics], attributes: Schema.Root.all)

    let planText = try jsonText(root, Schema.plan, reader: reader)
    let architectureText = try jsonText(root, Schema.architecture, reader: reader)
    let architecture = try parsing("/architecture") {
      try CanonicalJSON.decode(Architecture.self, from: architectureText)
    }
    let layout = try parsing("/architecture") { try architecture.layout() }
    try require(layout.parameterCount > 0, "/architecture", "a network without parameters")
    let plan = try parsing("/plan") {
      try CanonicalJSON.decode(StoredPlan.self, from: planText).plan(architecture: architecture)
    }
    // The sizes of everything below follow from the layout and the number of finished cycles.
    let parameters = try parseParameters(
      try root.group(Schema.parameters), layout, reader: reader)
    let statistics =
      members.contains(Schema.statistics)
      ? try parseStatistics(try root.group(Schema.statistics), layout, reader: reader) : nil
    // The positions of a run follow from a valid plan.
    do { try plan.validate() } catch { throw Defect(error, in: "/plan") }
    let scope = StateScope(
      plan, order: SearchOrder(layout, options: plan.options),
      cursor: SearchCursor(cycle: 0, layer: 0, neuron: 0))
    let search = try SearchGroup(reader: reader, scope: scope, parameters: parameters)
      .parse(try root.group(Schema.search))
    let history = try parseHistory(
      try root.group(Schema.history), deviations: search.deviations,
      layers: layout.layers.count, data: plan.data, reader: reader)
    try checkRandom(try root.group(Schema.random), seed: plan.seed, reader: reader)
    let provenance = try parseProvenance(
      try root.group(Schema.provenance), runID: try root.textAttribute(Schema.Root.runID),
      reader: reader)

    var checkpoint = Checkpoint(
      plan: plan, state: search.state, statistics: statistics,
      history: history, provenance: provenance)
    try checkpoint.check(scope.order)
    let stateSHA256 = StateDigest.sha256(
      planText: planText, architectureText: architectureText, state: checkpoint.state,
      StateScope(plan, order: scope.order, cursor: checkpoint.state.cursor))
    let stated = try root.textAttribute(Schema.Root.stateSHA256)
    try require(
      acceptsEdits || stated == stateSHA256, "attribute 'state_sha256' of /",
      "does not fit the state, whose digest is \(stateSHA256)")
    if stated != stateSHA256 { checkpoint.statistics = nil }
    return (checkpoint, stateSHA256, stated == stateSHA256)
  }

  private func checkRootAttributes(of root: HDF5Contents.Group) throws {
    let expected = [
      (Schema.Root.format, Schema.format),
      (Schema.Root.formatVersion, userBlock.version.description),
      (Schema.Root.generator, userBlock.generator),
    ]
    for (name, value) in expected {
      let found = try root.textAttribute(name)
      try require(
        found == value, "attribute '\(name)' of /", "'\(found)' where '\(value)' is expected")
    }
  }

  private func jsonText(
    _ root: HDF5Contents.Group, _ name: String, reader: GroupReader
  ) throws -> String {
    let text = try reader.text(root, name)
    let limit = ArchitectureLimits.textBytes
    try require(
      text.utf8.count <= limit, root.path(of: name), "more than \(limit) bytes of JSON")
    return text
  }

  private func parsing<Value>(_ object: String, _ body: () throws -> Value) throws -> Value {
    do { return try body() } catch is DecodingError {
      throw Defect(object, "not the JSON that is expected here")
    } catch { throw Defect(error, in: object) }
  }

  private func parseParameters(
    _ group: HDF5Contents.Group, _ layout: ParameterLayout, reader: GroupReader
  ) throws -> [Float] {
    _ = try reader.members(of: group, required: layout.layers.map(\.name))
    var parameters: [Float] = []
    for (index, layer) in layout.layers.enumerated() {
      let member = try group.group(layer.name)
      let position = try member.attribute(Schema.position, Int64.self)
      try require(
        position == index, member.path, "at position \(position), expected at \(index)")
      _ = try reader.members(
        of: member, required: layer.tensors.map { Schema.tensor($0.kind) },
        attributes: [Schema.position])
      for tensor in layer.tensors {
        parameters += try reader.numbers(
          Float.self, member, Schema.tensor(tensor.kind), shape: tensor.shape)
      }
    }
    return parameters
  }

  private func parseStatistics(
    _ group: HDF5Contents.Group, _ layout: ParameterLayout, reader: GroupReader
  ) throws -> NormalizationStatistics {
    let normalized = layout.layers.filter(\.hasStatistics)
    _ = try reader.members(of: group, required: normalized.map(\.name))
    var statistics = NormalizationStatistics(mean: [], variance: [])
    typealias Names = Schema.Statistics
    for layer in layout.layers {
      guard layer.hasStatistics else {
        statistics.mean.append([])
        statistics.variance.append([])
        continue
      }
      let member = try group.group(layer.name)
      _ = try reader.members(of: member, required: [Names.mean, Names.variance])
      let shape = [layer.outputs]
      statistics.mean.append(try reader.numbers(Float.self, member, Names.mean, shape: shape))
      statistics.variance.append(
        try reader.numbers(Float.self, member, Names.variance, shape: shape))
    }
    return statistics
  }

  private func parseHistory(
    _ group: HDF5Contents.Group, deviations: [[Double]], layers: Int, data: DataIdentity,
    reader: GroupReader
  ) throws -> [CycleRecord] {
    typealias Names = Schema.History
    let isValidated = data.validationCount != nil
    _ = try reader.members(
      of: group, required: Names.required + (isValidated ? Names.ofValidation : []))
    let rows = [deviations.count]
    let cycles = try reader.counts(group, Names.cycle, shape: rows)
    let trainingLosses = try reader.numbers(Double.self, group, Names.trainingLoss, shape: rows)
    let hasAccuracy = data.learningTask == .classification
    func scores(_ loss: String, _ accuracy: String) throws -> [SetScore?] {
      let losses = try reader.numbers(Double.self, group, loss, shape: rows)
      let accuracies = try reader.numbers(Double.self, group, accuracy, shape: rows)
      return zip(losses, accuracies).map { loss, accuracy in
        let isMeasured = hasAccuracy ? !accuracy.isNaN : !loss.isNaN
        return isMeasured ? SetScore(loss: loss, accuracy: hasAccuracy ? accuracy : nil) : nil
      }
    }
    let tests = try scores(Names.testLoss, Names.testAccuracy)
    let validations =
      isValidated
      ? try scores(Names.validationLoss, Names.validationAccuracy)
      : deviations.map { _ in nil }
    let evaluations = try reader.counts(group, Names.evaluations, shape: rows)
    let seconds = try reader.numbers(Double.self, group, Names.seconds, shape: rows)
    let tallies = try reader.tallies(
      group, Names.choices, shape: [deviations.count, layers, 3])
    return deviations.indices.map { row in
      CycleRecord(
        cycle: cycles[row], trainingLoss: trainingLosses[row], validation: validations[row],
        test: tests[row], evaluations: evaluations[row], seconds: seconds[row],
        deviations: deviations[row],
        tallies: Array(tallies[row * layers..<(row + 1) * layers]))
    }
  }

  /// The keys of the random number generator follow from the plan. They are in the file so that any tool
  /// can draw the same numbers, and must agree with the plan.
  private func checkRandom(
    _ group: HDF5Contents.Group, seed: UInt64, reader: GroupReader
  ) throws {
    _ = try reader.members(of: group, required: Schema.Random.all)
    let algorithm = try reader.text(group, Schema.Random.algorithm)
    try require(
      algorithm == Schema.algorithm, "/random/algorithm",
      "'\(algorithm)', not '\(Schema.algorithm)'")
    let names = RandomPurpose.allCases.map(Schema.name)
    let keys = try group.group(Schema.Random.key)
    let counters = try group.group(Schema.Random.counter)
    _ = try reader.members(of: keys, required: names)
    _ = try reader.members(of: counters, required: names)
    for purpose in RandomPurpose.allCases {
      let name = Schema.name(of: purpose)
      let key = RandomKey(seed: seed, purpose: purpose).philox
      let found = try reader.numbers(UInt64.self, keys, name, shape: [2])
      try require(found == [key[0], key[1]], "/random/key/\(name)", "does not fit the plan's seed")
      let counter = try reader.text(counters, name)
      try require(
        counter == Schema.counter(of: purpose), "/random/counter/\(name)",
        "'\(counter)', not '\(Schema.counter(of: purpose))'")
    }
  }

  private func parseProvenance(
    _ group: HDF5Contents.Group, runID: String, reader: GroupReader
  ) throws -> Provenance {
    typealias Names = Schema.Provenance
    _ = try reader.members(
      of: group, required: [], attributes: Names.required,
      optionalAttributes: Names.optional(in: reader.version))
    let resumes = try group.attribute(Names.resumes, Int64.self)
    let testedEnds =
      group.hasAttribute(Names.testedEnds) ? try group.attribute(Names.testedEnds, Int64.self) : 0
    try require(
      (0...Int64(Int32.max)).contains(testedEnds),
      "attribute '\(Names.testedEnds)' of \(group.path)", "\(testedEnds) is no number of ends")
    return Provenance(
      runID: runID,
      version: try group.textAttribute(Names.version),
      numericPath: try group.textAttribute(Names.numericPath),
      instructionSet: try group.textAttribute(Names.instructionSet),
      host: try group.textAttribute(Names.host),
      created: try group.attribute(Names.created, Double.self),
      saved: try group.attribute(Names.saved, Double.self),
      resumes: Int(resumes),
      resumedFrom: group.hasAttribute(Names.resumedFrom)
        ? try group.textAttribute(Names.resumedFrom) : nil,
      secondsInCycle: try group.attribute(Names.secondsInCycle, Double.self),
      differentBits: group.hasAttribute(Names.differentBits)
        ? try group.textAttribute(Names.differentBits) : nil,
      resealed: group.hasAttribute(Names.resealed)
        ? try group.attribute(Names.resealed, Double.self) : nil,
      dataPlace: try parseDataPlace(group, reader.version),
      dataRequest: try parseDataRequest(group), testedEnds: Int(testedEnds))
  }

  private func parseDataRequest(_ group: HDF5Contents.Group) throws -> DataRequest {
    let name = Schema.Provenance.dataRequest
    guard group.hasAttribute(name) else { return DataRequest() }
    let object = "attribute '\(name)' of \(group.path)"
    let text = try group.textAttribute(name)
    var request = try parsing(object) {
      try CanonicalJSON.decode(DataRequest.self, from: text)
    }
    if let escaped = request.testData {
      guard let path = EscapedPath.decode(escaped), path.first == UInt8(ascii: "/"),
        path.count <= DataPlace.maximumBytes, !path.contains(0)
      else { throw Defect(object, "test data at no absolute path") }
      request.testData = PathText.text(of: path)
    }
    return request
  }

  private func parseDataPlace(
    _ group: HDF5Contents.Group, _ version: FormatVersion
  ) throws -> DataPlace? {
    typealias Names = Schema.Provenance
    func path(_ name: String) throws -> [UInt8]? {
      guard group.hasAttribute(name) else { return nil }
      let path = EscapedPath.decode(try group.textAttribute(name))
      try require(path != nil, "attribute '\(name)' of \(group.path)", "not an escaped path")
      return path
    }
    let relativePath = try path(Names.dataPathRelative)
    guard let path = try path(Names.dataPath) else {
      try require(
        relativePath == nil, "attribute '\(Names.dataPathRelative)' of \(group.path)",
        "there without '\(Names.dataPath)'")
      return nil
    }
    guard let place = DataPlace(path: path, relativePath: relativePath) else {
      throw Defect(
        "attribute '\(Names.dataPath)' of \(group.path)",
        "not an absolute path, or with a relative one that is not relative, of 1 to "
          + "\(DataPlace.maximumBytes) bytes without NUL")
    }
    return place
  }
}
