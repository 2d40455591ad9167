import Foundation
import RSOCheckpoints
import RSONetworks
import RSONumerics
import RSOSearch
import TestSupport
import Testing

@Suite struct StoredFixtureTests {
  @Test("a file that was written by the first release is read, and means the same")
  func firstRelease() throws {
    let path = Fixtures.url("checkpoints/v1/tiny.h5").path
    let sealed = try CheckpointReader.read(path)
    #expect(try sealed.checkpoint == Sample.checkpoint())
    #expect(sealed.userBlock.version == FormatVersion(major: 1, minor: 0))
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// As `read_checkpoint.py` computes it.
    var stateSHA256: String
    var cursor: SearchCursor
    var hasStatistics: Bool
    var resumes: Int
  }

  /// Every file in `Fixtures/checkpoints/v1`.
  static let rows = [
    Row(
      testDescription: "tiny",
      stateSHA256: "31439bf562d3f5f2d4e0b2e1b5d14d2f945d8354888498090a4498b58574183b",
      cursor: SearchCursor(cycle: 2, layer: 3, neuron: 0), hasStatistics: true, resumes: 1),
    Row(
      testDescription: "start",
      stateSHA256: "d32ad26d16a6c8cc04081a4b52b107639e04cfd65b3261d392ec8e7adc28d50e",
      cursor: SearchCursor(cycle: 0, layer: 2, neuron: 0), hasStatistics: false, resumes: 0),
    Row(
      testDescription: "cycle-1",
      stateSHA256: "eeb6349f191b95d05640e0fdb8acd7553e7d6c66a827e268fd1d1e9c33c12ec2",
      cursor: SearchCursor(cycle: 1, layer: 2, neuron: 0), hasStatistics: true, resumes: 0),
    Row(
      testDescription: "inside",
      stateSHA256: "feda5b3f8f2fc8a03182ce4aa6ab0d1797ada612127a3721e3ffa008b173d41e",
      cursor: SearchCursor(cycle: 1, layer: 2, neuron: 6), hasStatistics: false, resumes: 1),
    Row(
      testDescription: "mlp",
      stateSHA256: "edddccfa1b489a3a90230cc51fc609902a25efe764442823f5e264e7359c3c99",
      cursor: SearchCursor(cycle: 1, layer: 1, neuron: 0), hasStatistics: true, resumes: 0),
    Row(
      testDescription: "accepted",
      stateSHA256: "029b930dabb044813c5896bb8accca1202f13f2dc31125189835a2c0680b7068",
      cursor: SearchCursor(cycle: 1, layer: 2, neuron: 0), hasStatistics: false, resumes: 0),
  ]

  @Test("every file of format version 1 is read, and is what it was", arguments: rows)
  func version1(row: Row) throws {
    let sealed = try CheckpointReader.read(
      Fixtures.url("checkpoints/v1/\(row.testDescription).h5").path)
    let checkpoint = sealed.checkpoint
    #expect(sealed.stateSHA256 == row.stateSHA256)
    #expect(checkpoint.state.cursor == row.cursor)
    #expect((checkpoint.statistics != nil) == row.hasStatistics)
    #expect(checkpoint.provenance.resumes == row.resumes)
    #expect((checkpoint.provenance.resumedFrom != nil) == (row.resumes > 0))
    #expect(checkpoint.history.count == row.cursor.cycle)
    let isAccepted = row.testDescription == "accepted"
    #expect((checkpoint.provenance.resealed != nil) == isAccepted)
    #expect((checkpoint.provenance.differentBits != nil) == isAccepted)
    // What is read can be written again, and is the same.
    #expect(
      try CheckpointReader.load(CheckpointWriter.encode(checkpoint), path: "x").checkpoint
        == checkpoint)
  }

  /// Every file in `Fixtures/checkpoints/v2`.
  static let secondRows = [
    Row(
      testDescription: "start",
      stateSHA256: "d198ca0a55c9cb8076c60dc6dafc8df51908d79af4314e1cecde5ae35449fc26",
      cursor: SearchCursor(cycle: 0, layer: 0, neuron: 0), hasStatistics: false, resumes: 0),
    Row(
      testDescription: "cycle-1",
      stateSHA256: "6a92d2202b6a950f329570cf089dd55fd90bd0fc125dfa62709232093bace291",
      cursor: SearchCursor(cycle: 1, layer: 0, neuron: 0), hasStatistics: true, resumes: 0),
    Row(
      testDescription: "inside",
      stateSHA256: "04e390ea19a285f125e69ffefe09f9b80b5ccec20e51fcd673ac584f59626238",
      cursor: SearchCursor(cycle: 1, layer: 0, neuron: 2), hasStatistics: false, resumes: 0),
    Row(
      testDescription: "adapted",
      stateSHA256: "e3c515508a972b7194954d43a252b22af2795ac4daa4af51e72c38c0c52c9779",
      cursor: SearchCursor(cycle: 2, layer: 1, neuron: 0), hasStatistics: true, resumes: 0),
    Row(
      testDescription: "binary",
      stateSHA256: "38c2e6199904976a2cc431e5220fbf836f8d02ab164c34e78d134c27e453c49e",
      cursor: SearchCursor(cycle: 1, layer: 2, neuron: 0), hasStatistics: true, resumes: 0),
    Row(
      testDescription: "placed",
      stateSHA256: "2d6debe3fcdbc58808abd9ac3a70eb2564e118673a5efb9934ff5af590fb4ec2",
      cursor: SearchCursor(cycle: 2, layer: 3, neuron: 0), hasStatistics: true, resumes: 1),
  ]

  @Test("every file of format version 2 is read, and is what it was", arguments: secondRows)
  func version2(row: Row) throws {
    let sealed = try CheckpointReader.read(
      Fixtures.url("checkpoints/v2/\(row.testDescription).h5").path)
    let checkpoint = sealed.checkpoint
    let minors = ["adapted": 1, "binary": 1, "placed": 2]
    #expect(
      sealed.userBlock.version
        == FormatVersion(major: 2, minor: minors[row.testDescription] ?? 0))
    #expect((checkpoint.provenance.dataPlace != nil) == (row.testDescription == "placed"))
    #expect(sealed.stateSHA256 == row.stateSHA256)
    #expect(checkpoint.state.cursor == row.cursor)
    #expect((checkpoint.statistics != nil) == row.hasStatistics)
    let options = checkpoint.plan.options
    if row.testDescription == "adapted" {
      #expect(options.adapt == .success && options.batchFactors == BatchFactors(["fc": 2]))
      #expect(checkpoint.state.deviationFactors == [1, 0.25])
    } else if row.testDescription == "binary" {
      #expect(options.weights == .binary && options.loss == .hinge)
      #expect(options.augment == Augmentation(shift: 1) && options.phaseSamples == 500)
    } else if row.testDescription == "placed" {
      #expect(try checkpoint == Sample.placed())
    } else if row.testDescription == "inside" {
      #expect(options.parallel == .neuron && checkpoint.state.layerParameters?.count == 44)
    } else {
      #expect(options.batchSize == BatchSchedule("50:1,100:1,250") && options.hold == 3)
      #expect(options.selection == .first && options.proposal == .template)
      #expect(options.layers == .forward && options.order == .input && options.anneal == .none)
    }
    #expect(
      try CheckpointReader.load(CheckpointWriter.encode(checkpoint), path: "x").checkpoint
        == checkpoint)
  }

  @Test("none of them is forgotten here")
  func version1Complete() throws {
    let names = try FileManager.default.contentsOfDirectory(
      atPath: Fixtures.url("checkpoints/v1").path)
    #expect(Set(names) == Set(Self.rows.map { "\($0.testDescription).h5" }))
    let second = try FileManager.default.contentsOfDirectory(
      atPath: Fixtures.url("checkpoints/v2").path)
    #expect(Set(second) == Set(Self.secondRows.map { "\($0.testDescription).h5" }))
  }

  @Test("the manual names every object and attribute of the file")
  func manual() throws {
    typealias Schema = CheckpointSchema
    let page = try String(
      contentsOf: Fixtures.repository.appendingPathComponent("man/rso-checkpoint.5"),
      encoding: .utf8)
    let groups = [
      Schema.plan, Schema.architecture, Schema.parameters, Schema.statistics, Schema.history,
      Schema.provenance,
    ]
    for name in groups { #expect(page.contains("/\(name)"), "\(name)") }
    for entry in StateEntry.all { #expect(page.contains(entry.path), "\(entry.path)") }
    for name in Schema.Random.all { #expect(page.contains("/random/\(name)"), "\(name)") }
    let words = Set(page.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
    let names =
      Schema.Root.all + Schema.History.required + Schema.History.ofValidation
      + Schema.Provenance.required
      + Schema.Provenance.optional(in: Schema.version)
      + [Schema.position, Schema.Statistics.mean, Schema.Statistics.variance]
      + ParameterKind.allCases.map(Schema.tensor) + RandomPurpose.allCases.map(Schema.name)
    for name in names { #expect(words.contains(name), "\(name)") }
    for purpose in RandomPurpose.allCases {
      #expect(page.contains("\n.Dq \(Schema.counter(of: purpose))"))
    }
    #expect(page.contains(".Dq \(Schema.algorithm) ."))
    #expect(page.contains("format version \(Schema.version)"))
  }

  @Test("a checkpoint that was changed with h5py is told from one that was not")
  func edited() throws {
    for name in ["edited", "annotated"] {
      let path = Fixtures.url("checkpoints/\(name).h5").path
      #expect(throws: CheckpointError.modified(path: path)) { try CheckpointReader.read(path) }
    }
  }

  @Test("an HDF5 file of another program is not taken for a checkpoint")
  func foreign() throws {
    let path = Fixtures.url("checkpoints/foreign.h5").path
    #expect(throws: CheckpointError.notCheckpoint(path: path)) { try CheckpointReader.read(path) }
  }

  @Test("a file larger than the bound is refused before it is read")
  func bound() throws {
    let path = Fixtures.url("checkpoints/v1/tiny.h5").path
    let size = try Fixtures.data("checkpoints/v1/tiny.h5").count
    #expect(throws: CheckpointError.tooLarge(path: path, bytes: size, limit: size - 1)) {
      try CheckpointReader.read(path, maximumBytes: size - 1)
    }
    #expect(try CheckpointReader.read(path, maximumBytes: size).userBlock.length == size)
  }

  @Test("what is not a file is refused, without waiting for it")
  func notAFile() throws {
    #expect(
      throws: CheckpointError.cannotOpen(path: "/no/such", reason: "no such file or directory")
    ) { try CheckpointReader.read("/no/such") }
    for path in ["/", "/dev/null"] {
      #expect(throws: CheckpointError.cannotOpen(path: path, reason: "not a regular file")) {
        try CheckpointReader.read(path)
      }
    }
  }
}
