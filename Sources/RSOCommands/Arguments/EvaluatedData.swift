import RSOCheckpoints
import RSODatasets
import RSORuns
import RSOSystem

extension DataOptions {
  /// The data that a run's network is measured on: those of `--data`, or else the run's own; with the test set
  /// of `--test-data`, if that is given.
  ///
  /// - Parameter request: How the user asks to read the data. The rest is as the run read its own.
  ///
  /// *Throws:* `DatasetError`; `CommandError.otherReading` if the run's own data would be read in another way.
  func load(for network: ChosenNetwork, request: DataRequest) throws -> Dataset {
    let (checkpoint, identity) = (network.checkpoint, network.checkpoint.plan.data)
    let recorded = checkpoint.provenance.dataRequest
    if let data {
      var request = request
      request.features = checkpoint.plan.architecture.input.count
      request.isToMeasure = true
      let isNamed = network.recordsNames && identity.learningTask == .classification
      return try source.load(
        data, forRunOn: identity, readAs: recorded,
        classNames: isNamed ? (0..<identity.outputs).map(identity.outputName) : nil,
        request: request)
    }
    let recordedOptions = recorded.options
    for option in request.options where option.name != "test-data" {
      let own = recordedOptions.first { $0.name == option.name }
      guard own?.value != option.value else { continue }
      throw CommandError.otherReading(option: Self.text(option), ofRun: own.map(Self.text))
    }
    var dataset: Dataset
    do throws(DatasetError) {
      dataset = try load(for: identity, of: checkpoint.provenance, near: network.path)
    } catch {
      guard error.isAboutTestData, request.testData != nil else { throw error }
      dataset = try load(
        for: identity, of: checkpoint.provenance, near: network.path, request: request,
        ignoresTest: true)
    }
    guard let testData = request.testData, testData != recorded.testData, let place = dataset.place
    else { return dataset }
    var reading = recorded.form
    reading.testData = testData
    reading.isRecorded = true
    dataset.test = try source.load(place, classes: identity.outputs, request: reading).test
    dataset.name = Path.name(of: testData)
    return dataset
  }

  private static func text(_ option: (name: String, value: String)) -> String {
    "--\(option.name)" + (option.value.isEmpty ? "" : " \(printable(option.value))")
  }
}
