import RSOCheckpoints
import RSORuns
import RSOSearch
import TestSupport
import Testing

@Suite("Going on with different bits")
struct DifferentBitsTests {
  private func stored(version: String = "1.0.0", path: String = "f32") throws -> SealedCheckpoint {
    let plan = SmallRun.plan()
    var checkpoint = try SmallRun.checkpoint(
      SearchPlan(
        architecture: plan.architecture, options: plan.options, seed: plan.seed, data: plan.data,
        normalization: plan.normalization, numericPath: path))
    checkpoint.provenance.version = version
    return try CheckpointReader.load(CheckpointWriter.encode(checkpoint), path: "x")
  }

  @Test("a checkpoint of the same version and numeric path goes on without a word")
  func same() throws {
    let resumed = try stored().resumed(in: SmallRun.environment)
    #expect(resumed.provenance.differentBits == nil && resumed.provenance.resumes == 1)
    let everywhere = RunEnvironment(
      version: "1.0.0", instructionSet: "generic", numericPaths: ["f32", "other"])
    let other = try stored(path: "other").resumed(in: everywhere)
    #expect(other.plan.numericPath == "other" && other.provenance.differentBits == nil)
    // Nor one of a version with the same bits; it becomes one of this version.
    let later = RunEnvironment(version: "1.1.0", equalBits: ["1.0.0"], instructionSet: "generic")
    let continued = try stored().resumed(in: later).provenance
    #expect(continued.version == "1.1.0" && continued.differentBits == nil)
  }

  @Test(
    "another version, and a numeric path that is not to be had, are named and need consent",
    arguments: [("0.9.0", "f32"), ("1.0.0", "other"), ("2.0.0", "other")])
  func refused(version: String, path: String) throws {
    let stored = try stored(version: version, path: path)
    #expect(
      throws: RunError.differentBits(
        found: "rso \(version), numeric path \(path)", here: "rso 1.0.0, numeric path f32")
    ) { try stored.resumed(in: SmallRun.environment) }
    let resumed = try stored.resumed(in: SmallRun.environment, acceptsDifferentBits: true)
    #expect(
      resumed.provenance.differentBits
        == "rso \(version) \(path) until cycle 0 layer 1 neuron 0")
    #expect(resumed.provenance.version == "1.0.0" && resumed.plan.numericPath == "f32")
    #expect(resumed.provenance.numericPath == "f32")
    // The next file remembers, and whoever goes on from it is asked no more.
    let next = try CheckpointReader.load(CheckpointWriter.encode(resumed), path: "y")
    #expect(next.checkpoint == resumed)
    #expect(
      try next.resumed(in: SmallRun.environment).provenance.differentBits
        == resumed.provenance.differentBits)
  }
}
