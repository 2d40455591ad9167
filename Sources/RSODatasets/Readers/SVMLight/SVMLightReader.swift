import RSONumerics
import RSOSystem

/// Reads svmlight's text files, which are also LIBSVM's, plain or gzip: a line for each sample, with its
/// label and those of its features that are not 0 (http://svmlight.joachims.org,
/// https://www.csie.ntu.edu.tw/~cjlin/libsvm).
///
/// ```
/// +1 3:0.5 17:-2
/// ```
///
/// Features are numbered from 1, or from 0 if a number 0 occurs. A line with several labels, `1,4 3:0.5`,
/// or none makes the task multi-label.
package struct SVMLightReader: DatasetReader {
  /// The bytes at the start of a file that it is recognised by.
  private static let startSize = 1 << 16

  /// The most bytes that the samples of a data set may take.
  private let limit: Int

  package init(limit: Int = SystemMemory.size) { self.limit = limit }

  package var kind: String { "sparse samples in svmlight (LIBSVM) files" }

  package var published: [PublishedDataset] { [] }

  package func recognition(of path: String) -> Recognition {
    do throws(FileReadError) {
      var input = try InflatedInput(path)
      let start = try input.bytes(Self.startSize)
      if let damage = TextDamage(start) { return .unknown(reason: damage.message) }
      return SparseLines.begin(start, isWhole: start.count < Self.startSize)
        ? .recognized : .unknown(reason: "its first line is not 'LABEL NUMBER:VALUE ...'")
    } catch {
      return .unknown(reason: error.reason)
    }
  }

  package func load(_ path: String, _ request: DataRequest) throws(SVMLightError) -> Dataset {
    try Self.refuseChoices(request, of: path)
    var parts = [("training", try SparseFile(path, limit: limit))]
    if let testData = request.testData {
      parts.append(("test", try SparseFile(testData, limit: limit)))
    }
    let labels = SparseLabels(parts.map(\.1))
    let width = try SparseWidth(parts.map(\.1), request, outputs: labels.outputs, limit: limit)
    do throws(AssemblyError) {
      var raw: [RawPart] = []
      for (name, file) in parts {
        raw.append(
          RawPart(
            samples: file.samples(width), targets: try labels.targets(of: file, part: name),
            columnNames: labels.names))
      }
      let data = RawDataset(training: raw[0], test: raw.count > 1 ? raw[1] : nil)
      var dataset = try DatasetAssembly.dataset(
        data, named: Path.name(of: Path.absolute(path)), request)
      dataset.request.countsFromZero = width.first == 0
      return dataset
    } catch {
      throw .assembly(path: path, error)
    }
  }

  /// Returns samples without their labels.
  ///
  /// *Throws:* `SVMLightError`.
  package func samples(
    at path: String, _ request: DataRequest
  ) throws(SVMLightError) -> (shape: ImageShape, samples: SampleStorage) {
    try Self.refuseChoices(request, of: path)
    let file = try SparseFile(path, limit: limit)
    let width = try SparseWidth([file], request, outputs: 1, limit: limit)
    return (
      ImageShape(channels: width.features, height: 1, width: 1), file.samples(width).storage
    )
  }

  /// Refuses options about the form of data, which is fixed here but for the task and the test data.
  private static func refuseChoices(
    _ request: DataRequest, of path: String
  ) throws(SVMLightError) {
    if let option = request.choices.first(where: { !["task", "test-data"].contains($0) }) {
      throw .assembly(path: path, .fixedForm(option: option))
    }
  }
}
