import RSOCheckpoints
import RSORuns
import RSOSearch
import TestSupport
import Testing

@Suite("The relation of two checkpoints")
struct RunRelationTests {
  private func relation(_ first: Checkpoint, _ second: Checkpoint) throws -> RunRelation {
    func sealed(_ checkpoint: Checkpoint) throws -> SealedCheckpoint {
      try CheckpointReader.load(try CheckpointWriter.encode(checkpoint), path: "x.h5")
    }
    return try RunRelation(try sealed(first), try sealed(second))
  }

  @Test("a state and itself are identical, whoever wrote it when")
  func identical() throws {
    let one = try #require(try SmallRun.boundaries().last)
    var other = one
    other.provenance.host = "elsewhere"
    other.history[0].seconds = 99
    #expect(try relation(one, other) == .identical)
  }

  @Test("a later state of a run is told by cycles and steps, from both sides")
  func descendant() throws {
    let boundaries = try SmallRun.boundaries()
    let (first, last) = (boundaries[0], boundaries[boundaries.count - 1])
    #expect(
      try relation(first, last) == .descendant(isSecondLater: true, cycles: 2, steps: 0))
    #expect(
      try relation(last, boundaries[1])
        == .descendant(isSecondLater: false, cycles: 1, steps: SmallRun.stepsInCycle - 3))
  }

  @Test("a loss that is no number is the same in two files")
  func notANumber() throws {
    var places = try [9, 18].map { try SmallRun.boundaries()[$0] }
    for place in places.indices { places[place].history[0].test?.loss = .nan }
    #expect(
      try relation(places[0], places[1]) == .descendant(isSecondLater: true, cycles: 1, steps: 0))
  }

  @Test("an extended plan is the same run")
  func extended() throws {
    let boundaries = try SmallRun.boundaries()
    var later = boundaries[boundaries.count - 1]
    later.plan = try later.plan.extended(to: 5, finished: 2, .keep)
    #expect(
      try relation(boundaries[0], later) == .descendant(isSecondLater: true, cycles: 2, steps: 0))
    #expect(try relation(boundaries[boundaries.count - 1], later) == .sameParameters)
  }

  @Test("runs of one seed with other options diverge in their first cycle")
  func options() throws {
    let one = try #require(try SmallRun.boundaries().last)
    let other = try #require(try SmallRun.boundaries(SmallRun.plan { $0.weightDecay = 0.01 }).last)
    #expect(try relation(one, other) == .diverged(cycle: 1, hasOtherOptions: true))
    var bare = try SmallRun.checkpoint()
    bare.plan = SmallRun.plan { $0.batchSize = 7 }
    #expect(try relation(try SmallRun.checkpoint(), bare) == .sameParameters)
  }

  @Test("the first cycle whose records differ is where runs of one plan diverged")
  func diverged() throws {
    let one = try #require(try SmallRun.boundaries().last)
    var other = one
    other.history[1].trainingLoss += 1e-9
    other.state.parameters[0] += 1
    #expect(try relation(one, other) == .diverged(cycle: 2, hasOtherOptions: false))
    other.history = one.history
    #expect(try relation(one, other) == .edited)
  }

  @Test("another seed, or another network, is another run")
  func unrelated() throws {
    let one = try SmallRun.checkpoint()
    let plan = SearchPlan(
      architecture: one.plan.architecture, options: one.plan.options, seed: 8, data: one.plan.data,
      normalization: one.plan.normalization)
    #expect(
      try relation(one, try SmallRun.checkpoint(plan))
        == .unrelated(hasOtherNetwork: false, hasOtherSeed: true, hasOtherWeights: false))
  }

  @Test("runs from other initial weights are unrelated; what their file was called does not matter")
  func initialWeights() throws {
    let cycles = try SmallRun.boundaries()
    func checkpoint(_ place: Int, _ source: String, _ sha256: String) -> Checkpoint {
      var checkpoint = cycles[place]
      let plan = checkpoint.plan
      checkpoint.plan = SearchPlan(
        architecture: plan.architecture, options: plan.options, seed: plan.seed, data: plan.data,
        normalization: plan.normalization,
        initialParameters: InitialParameters(source: source, sha256: sha256))
      return checkpoint
    }
    let other = String(repeating: "b", count: 64)
    let same = String(repeating: "a", count: 64)
    #expect(
      try relation(checkpoint(9, "a.npz", same), checkpoint(18, "a.npz", other))
        == .unrelated(hasOtherNetwork: false, hasOtherSeed: false, hasOtherWeights: true))
    #expect(
      try relation(checkpoint(9, "a.npz", same), checkpoint(18, "b.npz", same))
        == .descendant(isSecondLater: true, cycles: 1, steps: 0))
    #expect(
      try relation(checkpoint(9, "a.npz", same), checkpoint(9, "b.npz", same)) == .sameParameters)
  }
}
