import ArgumentParser
import RSODatasets
import RSOSystem

/// Where the data are.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Data set: 'mnist', 'cifar10', a directory with the four IDX files, or the binary version of "
        + "CIFAR-10 (a directory or the .tar.gz). Names are looked for in $RSO_DATA. (default: cifar10 "
        + "for 3 x 32 x 32 images, otherwise mnist)", valueName: "data"))
  var data: String?

  var source: DatasetSource {
    DatasetSource(
      dataDirectory: PathText.environment("RSO_DATA"), program: OwnProgram.path,
      workingDirectory: FileSystem.workingDirectory() ?? "/")
  }
}
