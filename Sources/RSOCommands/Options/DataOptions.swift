import ArgumentParser
import Foundation
import RSODatasets
import RSOSystem

/// The place of the data.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Data set: 'mnist', 'cifar10', a directory with the four IDX files, or the binary version of "
        + "CIFAR-10 (a directory or the .tar.gz). Names are looked for in $RSO_DATA. (default: cifar10 "
        + "for 3 x 32 x 32 images, otherwise mnist)", valueName: "data"))
  var data: String?

  var source: DatasetSource {
    DatasetSource(
      environment: ProcessInfo.processInfo.environment,
      executableURL: URL(fileURLWithPath: OwnProgram.path),
      workingDirectory: URL(fileURLWithPath: FileManager.default.currentDirectoryPath))
  }
}
