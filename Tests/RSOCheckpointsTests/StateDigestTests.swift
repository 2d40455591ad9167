import RSOCheckpoints
import RSONetworks
import RSOSearch
import Testing

@Suite struct StateDigestTests {
  static func digest(_ change: (inout Checkpoint) -> Void = { _ in }) throws -> String {
    var checkpoint = try Sample.checkpoint(midCycle: true)
    change(&checkpoint)
    return try StateDigest.sha256(plan: checkpoint.plan, state: checkpoint.state)
  }

  @Test("the digest is the one that another program finds by its definition")
  func definition() throws {
    // `Run.state_sha256` of Fixtures/checkpoints/read_checkpoint.py, of v1/tiny.h5 with the plan's
    // options as this version writes them.
    let expected = "2d6debe3fcdbc58808abd9ac3a70eb2564e118673a5efb9934ff5af590fb4ec2"
    let checkpoint = try Sample.checkpoint()
    #expect(
      try StateDigest.sha256(plan: checkpoint.plan, state: checkpoint.state) == expected)
  }

  @Test("what decides the future changes the digest")
  func covered() throws {
    let base = try Self.digest()
    let changed = try [
      Self.digest { $0.state.parameters[5] += 1 },
      Self.digest { $0.state.parameters[0] = 0 },
      Self.digest { $0.state.cursor.cycle += 1 },
      Self.digest { $0.state.cursor.layer += 1 },
      Self.digest { $0.state.cursor.neuron += 1 },
      Self.digest { $0.state.initialDeviations[1] *= 2 },
      Self.digest { $0.state.deviationFactors = [1] },
      Self.digest { $0.state.deviationFactors = [0.5] },
      Self.digest { $0.state.layerParameters = [1] },
      Self.digest { $0.state.layerParameters = [2] },
      Self.digest { $0.plan = Sample.plan(seed: 7) },
      Self.digest { $0.plan = Sample.plan(cycles: 5) },
    ]
    #expect(Set(changed + [base]).count == changed.count + 1)
  }

  @Test("clocks, hosts, histories and figures on the side do not")
  func notCovered() throws {
    let base = try Self.digest()
    #expect(
      try Self.digest {
        $0.provenance.host = "elsewhere"
        $0.provenance.saved += 1
        $0.provenance.resumes += 1
        $0.provenance.resumedFrom = nil
        $0.provenance.runID = "x"
        $0.history = []
        $0.state.lossSum += 1
        $0.state.evaluations += 1
        $0.state.tallies[0].kept += 1
      } == base)
  }
}
