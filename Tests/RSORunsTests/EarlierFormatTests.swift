import Foundation
import RSOCheckpoints
import RSODatasets
import RSONumerics
import RSORuns
import TestSupport
import Testing

@Suite("Runs in files of format version 1")
struct EarlierFormatTests {
  /// The samples of these runs are not in the repository; as many others of the same shape take their place.
  private static func samples(_ count: Int, stream: Int) -> SampleSet {
    var random = RandomKey(seed: 99, purpose: .initialization).stream(stream)
    let shape = ImageShape(channels: 1, height: 8, width: 8)
    return SampleSet(
      shape: shape, classes: 10,
      pixels: (0..<(count * shape.count)).map { _ in UInt8(random.next(below: 256)) },
      labels: (0..<count).map { UInt8($0 % 10) })
  }

  @Test("are continued where they stood", arguments: ["start", "cycle-1", "inside", "accepted"])
  func continued(file: String) throws {
    let temporary = try TemporaryDirectory()
    let stored = try CheckpointReader.read(Fixtures.url("checkpoints/v1/\(file).h5").path)
    #expect(throws: RunError.self) { try stored.resumed(in: SmallRun.environment) }
    var checkpoint = try stored.resumed(in: SmallRun.environment, acceptsDifferentBits: true)
    var harness = RunHarness(directory: temporary("run"))
    harness.dataset = Dataset(
      name: "data", training: Self.samples(600, stream: 0), test: Self.samples(200, stream: 1))
    checkpoint.plan.data = harness.dataset.identity
    try temporary.write(try CheckpointWriter.encode(checkpoint), to: "run/last.h5")
    // A neuron of the longest layer has 54 weights.
    harness.interruptAfter = 60
    let result = try harness.resume()
    #expect(result.outcome == .interrupted(signal: 15) && result.steps == 60)
    let saved = try harness.newest().checkpoint
    #expect(try checkpoint.position() < saved.position())
    #expect(saved.provenance.differentBits?.contains("rso 0.1.0 f32 until cycle") == true)
    #expect(saved.provenance.runID == stored.checkpoint.provenance.runID)
    #expect(saved.history.starts(with: stored.checkpoint.history))
  }
}
