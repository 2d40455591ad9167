import Foundation
import RSODatasets
import RSONumerics
import TestSupport
import Testing

@Suite struct PublishedDataTests {
  /// Debian's package `dataset-fashion-mnist`.
  static let fashion = "/usr/share/datasets/fashion-mnist"

  @Test("MNIST of the repository is the published one, found from the test program")
  func mnist() throws {
    let program = Fixtures.repository.appendingPathComponent(".build/release/rso-train")
    let source = DatasetSource(
      dataDirectory: nil, program: program.path, workingDirectory: "/")
    let dataset = try source.load(nil)
    #expect(dataset.name == "mnist")
    #expect(dataset.training.count == 60_000)
    #expect(dataset.test?.count == 10_000)
    #expect(dataset.training.shape.description == "1 x 28 x 28")
    #expect(dataset.training.outputs == 10)
    #expect(Array(dataset.training.labels.prefix(8)) == [5, 0, 4, 1, 9, 2, 1, 3])
    #expect(dataset.training.sha256 == IDXReader.mnistTrainingSHA256)
    #expect(
      dataset.test?.sha256 == "c3f9adf9c66efb572b1f9326c3a511b45910c7173b97be66ceceeeeaef6b802b")
    // From the sums of all bytes and of their squares, in exact arithmetic.
    let normalization = Normalization(of: dataset.training)
    #expect(abs(normalization.mean[0] - 0.130660476273842870) < 1e-15)
    #expect(abs(normalization.standardDeviation[0] - 0.308107803856462684) < 1e-15)
  }

  @Test(
    "MNIST's files have the published SHA-256 when uncompressed",
    arguments: [
      ("train-images-idx3", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
      ("train-labels-idx1", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
      ("t10k-images-idx3", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
      ("t10k-labels-idx1", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
    ])
  func fileSums(name: String, sha256: String) throws {
    let kind: IDXFile.Kind = name.contains("images") ? .images : .labels
    let content = try IDXFile(kind, at: Fixtures.url("mnist/\(name)-ubyte.gz").path)
    let sizes = content.dimensions.flatMap { IDX.header($0) }
    let file = IDX.header(kind == .images ? 0x0803 : 0x0801) + sizes + content.bytes
    // One image with one label, so that the sum is that of the file's bytes.
    let whole = SampleSet(
      shape: ImageShape(channels: 1, height: 1, width: file.count - 1), classes: 256,
      pixels: file.dropLast(), labels: file.suffix(1))
    #expect(whole.sha256 == sha256)
  }

  @Test(
    "Fashion-MNIST of Debian is read",
    .enabled(if: IDXReader().recognition(of: fashion) == .recognized))
  func fashionMNIST() throws {
    let source = DatasetSource(
      dataDirectory: "/usr/share/datasets", program: nil, workingDirectory: "/")
    let dataset = try source.load("fashion-mnist")
    #expect(dataset.name == "fashion-mnist")
    #expect(dataset.training.count == 60_000)
    #expect(
      dataset.training.sha256 == "16d82e2b505296aa2b78bd5ea0992634f30419a4c97def7c907d154a35ac6157")
    let normalization = Normalization(of: dataset.training)
    #expect(abs(normalization.mean[0] - 0.286040596988795519) < 1e-15)
    #expect(abs(normalization.standardDeviation[0] - 0.353024244514922573) < 1e-15)
  }
}
