import ArgumentParser
import RSOCheckpoints
import RSODatasets
import RSORuns
import RSOSystem

/// The place of the data.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Data set: \(DatasetReaders.help). (default: the data of the run; without a run, "
        + "\(DatasetReaders.defaultText))",
      valueName: "data"),
    completion: .data)
  var data: String?

  /// The data of a checkpoint's run: the data that `--data` names, or else the data at the recorded
  /// place, in `$RSO_DATA` or beside the program. Its digest must be the run's.
  ///
  /// - Parameters:
  ///   - path: The checkpoint's file, or its run directory.
  ///   - request: Replaces parts of how the run asked to read its data.
  ///   - ignoresTest: True if the test set may be another one.
  func load(
    for identity: DataIdentity, of provenance: Provenance, near path: String,
    request: DataRequest = DataRequest(), ignoresTest: Bool = false
  ) throws(DatasetError) -> Dataset {
    try source.load(
      matching: identity, from: data, recorded: RunData.paths(of: provenance, near: path),
      request: request.completed(by: provenance.dataRequest), ignoresTest: ignoresTest)
  }

  var source: DatasetSource { .standard }
}

extension DatasetSource {
  /// Looks for data sets in `$RSO_DATA`, beside this program and in the working directory.
  static var standard: DatasetSource {
    DatasetSource(
      dataDirectory: PathText.environment("RSO_DATA"), program: OwnProgram.path,
      workingDirectory: FileSystem.workingDirectory() ?? "/")
  }
}
