import HDF5
import RSOCheckpoints
import RSONetworks
import RSOSearch
import Testing

@Suite struct CheckpointRoundTripTests {
  @Test(
    "a checkpoint is read back as it was written, bit for bit",
    arguments: [(0, false), (0, true), (1, false), (2, true), (4, false)])
  func roundTrip(cycles: Int, midCycle: Bool) throws {
    let checkpoint = try Sample.checkpoint(cycles: cycles, midCycle: midCycle)
    let bytes = try CheckpointWriter.encode(checkpoint)
    let read = try CheckpointReader.load(bytes, path: "x.h5")
    #expect(read.checkpoint == checkpoint)
    #expect(
      read.checkpoint.state.parameters.map(\.bitPattern)
        == checkpoint.state.parameters.map(\.bitPattern))
    #expect(
      try read.stateSHA256 == StateDigest.sha256(plan: checkpoint.plan, state: checkpoint.state))
    #expect(try CheckpointReader.decode(bytes, path: "x.h5") == checkpoint)
  }

  @Test("every preset's first state is read back", arguments: Architecture.presetNames)
  func presets(name: String) throws {
    let architecture = try Architecture.preset(named: name)
    let small = Sample.plan()
    var data = small.data
    data.shape = architecture.input
    data.outputs = architecture.classes
    let channels = architecture.input.channels
    let plan = SearchPlan(
      architecture: architecture, options: small.options, seed: 1, data: data,
      normalization: .init(
        mean: Array(repeating: 0, count: channels),
        standardDeviation: Array(repeating: 1, count: channels)))
    let checkpoint = Checkpoint(
      plan: plan, state: try SearchState.initial(plan: plan), statistics: nil, history: [],
      provenance: try Sample.checkpoint().provenance)
    let bytes = try CheckpointWriter.encode(checkpoint)
    #expect(try CheckpointReader.decode(bytes, path: "x.h5") == checkpoint)
  }

  @Test("equal checkpoints give equal bytes")
  func determinism() throws {
    let checkpoint = try Sample.checkpoint(midCycle: true)
    let first = try CheckpointWriter.encode(checkpoint)
    #expect(try CheckpointWriter.encode(checkpoint) == first)
    let read = try CheckpointReader.decode(first, path: "x.h5")
    #expect(try CheckpointWriter.encode(read) == first)
  }

  @Test("the objects in the file are those of the schema, with the types and shapes stated")
  func contents() throws {
    let file = try HDF5File(bytes: try CheckpointWriter.encode(try Sample.checkpoint()))
    let root = try file.root()
    var found: [String] = []
    func walk(_ group: consuming HDF5Group) throws {
      for link in try group.links() {
        if try group.kind(of: link.name) == .group {
          try walk(try group.group(link.name))
        } else {
          let dataset = try group.dataset(link.name)
          let type = dataset.elementType?.rawValue ?? "text"
          found.append("\(dataset.path) \(type) \(dataset.shape)")
        }
      }
    }
    try walk(try file.root())
    #expect(
      found == [
        "/architecture text []",
        "/history/choices int64 [2, 4, 3]", "/history/cycle int64 [2]",
        "/history/evaluations int64 [2]", "/history/seconds float64 [2]",
        "/history/test_accuracy float64 [2]", "/history/test_loss float64 [2]",
        "/history/training_loss float64 [2]",
        "/parameters/conv1/beta float32 [2]", "/parameters/conv1/gamma float32 [2]",
        "/parameters/conv1/weight float32 [2, 1, 3, 3]",
        "/parameters/conv2/beta float32 [3]", "/parameters/conv2/bias float32 [3]",
        "/parameters/conv2/gamma float32 [3]", "/parameters/conv2/weight float32 [3, 2, 3, 3]",
        "/parameters/conv2.projection/beta float32 [3]",
        "/parameters/conv2.projection/gamma float32 [3]",
        "/parameters/conv2.projection/weight float32 [3, 2, 1, 1]",
        "/parameters/fc/bias float32 [3]", "/parameters/fc/weight float32 [3, 3]",
        "/plan text []",
        "/random/algorithm text []", "/random/counter/initialization text []",
        "/random/counter/minibatch text []", "/random/counter/proposal text []",
        "/random/key/initialization uint64 [2]", "/random/key/minibatch uint64 [2]",
        "/random/key/proposal uint64 [2]",
        "/search/choices int64 [4, 3]", "/search/comparisons int64 []",
        "/search/cursor int64 [3]",
        "/search/deviation float64 [2, 4]", "/search/evaluations int64 []",
        "/search/initial_deviation float64 [4]", "/search/loss_sum float64 []",
        "/statistics/conv1/mean float32 [2]", "/statistics/conv1/variance float32 [2]",
        "/statistics/conv2/mean float32 [3]", "/statistics/conv2/variance float32 [3]",
        "/statistics/conv2.projection/mean float32 [3]",
        "/statistics/conv2.projection/variance float32 [3]",
      ])
    #expect(try root.textAttribute("format") == "rso checkpoint")
    #expect(try root.textAttribute("format_version") == "2.3")
    #expect(
      try root.dataset("plan").readText(maximumBytes: 1 << 16) == """
        {"data":{"classes":3,"name":"größe/\\"x\\"","shape":{"channels":1,"height":4,"width":4},\
        "testCount":10,"testSHA256":"\(String(repeating: "cd", count: 32))","trainingCount":60,\
        "trainingSHA256":"\(String(repeating: "ab", count: 32))"},\
        "normalization":{"mean":[0.1307],"standardDeviation":[0.3081]},"numericPath":"f32",\
        "options":{"anneal":"linear","annealTo":0.1,"batchSize":10,"batching":"cyclic","cycles":4,\
        "granularity":"weight","hold":1,"layers":"backward","order":"output","parallel":"none",\
        "proposal":"gaussian","selection":"best","sigmaScale":1,"weightDecay":0.0001},"seed":18446744073709551614}
        """)
  }

  @Test("factors of the deviations are there where the plan adapts them, and come back")
  func deviationFactors() throws {
    var checkpoint = try Sample.checkpoint()
    var options = checkpoint.plan.options
    options.adapt = .success
    checkpoint.plan = Sample.plan(options: options)
    #expect(throws: CheckpointError.self) { try CheckpointWriter.encode(checkpoint) }
    for factors in [[1, 1, 1], [1, 1, 1, 1.5], [1, -0.5, 1, 1], [1, .nan, 1, 1]] as [[Double]] {
      checkpoint.state.deviationFactors = factors
      #expect(throws: CheckpointError.self, "\(factors)") {
        try CheckpointWriter.encode(checkpoint)
      }
    }
    checkpoint.state.deviationFactors = [1, 0.25, 0, 0.7]
    #expect(
      try CheckpointReader.load(CheckpointWriter.encode(checkpoint), path: "x").checkpoint
        == checkpoint)
  }

  @Test("what does not belong together is not saved, and the reason names the object")
  func unsaveable() throws {
    let table: [(object: String, change: (inout Checkpoint) -> Void)] = [
      ("/parameters/conv1/weight", { $0.state.parameters[3] = .nan }),
      ("/parameters", { $0.state.parameters.removeLast() }),
      ("/search/cursor", { $0.state.cursor.layer = 4 }),
      ("/search/cursor", { $0.state.cursor.neuron = 1000 }),
      ("/search/comparisons", { $0.state.comparisons = 1000 }),
      ("/search/layer_parameters", { $0.state.layerParameters = [1] }),
      ("/search/deviation_factor", { $0.state.deviationFactors = [1, 1, 1, 1] }),
      ("/search/initial_deviation", { $0.state.initialDeviations[0] = -1 }),
      ("/search/choices", { $0.state.tallies.removeLast() }),
      ("/history", { $0.history.removeLast() }),
      ("/history/cycle", { $0.history[0].cycle = 2 }),
      ("/history/choices", { $0.history[1].tallies[0].plus = -1 }),
      ("/search/deviation", { $0.history[1].deviations = [] }),
      ("/statistics/conv1/mean", { $0.statistics?.mean[0] = [] }),
      ("/statistics", { $0.statistics?.variance = [] }),
      ("/provenance", { $0.provenance.version = "1\n2" }),
      ("attribute 'host' of '/provenance'", { $0.provenance.host = "a\0b" }),
    ]
    for (object, change) in table {
      var checkpoint = try Sample.checkpoint()
      change(&checkpoint)
      let error = try #require(throws: CheckpointError.self, "\(object)") {
        try CheckpointWriter.encode(checkpoint)
      }
      guard case .unsaveable(object, _) = error else {
        Issue.record("\(object): \(error)")
        continue
      }
    }
  }
}
