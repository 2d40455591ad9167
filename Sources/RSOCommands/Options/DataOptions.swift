import ArgumentParser
import Foundation
import RSODatasets

/// Where the data are.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The data set: 'mnist', or a directory with the four IDX files. (default: mnist, looked for "
        + "in $RSO_DATA, then in rso's own copy)", valueName: "data"))
  var data: String?

  var source: DatasetSource {
    DatasetSource(
      environment: ProcessInfo.processInfo.environment,
      executableURL: Bundle.main.executableURL,
      workingDirectory: URL(fileURLWithPath: FileManager.default.currentDirectoryPath))
  }
}
