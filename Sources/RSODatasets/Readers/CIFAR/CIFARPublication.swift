import RSOSystem

/// The names under which one of CIFAR's binary versions is published
/// (https://www.cs.toronto.edu/~kriz/cifar.html).
struct CIFARPublication {
  /// The name of the data set: `cifar10`.
  let name: String
  /// The directory of the files, and the archive that holds it.
  let directory: String
  let archive: String
  /// A file that the data set always has.
  let firstFile: String

  var names: [String] { [name, directory, archive] }

  var dataset: PublishedDataset {
    PublishedDataset(
      name: name, shape: CIFARBatch.shape, fileNames: [directory, archive],
      advice: "it does not come with rso: get \(archive) from "
        + "https://www.cs.toronto.edu/~kriz/cifar.html, and name it with --data")
  }

  /// The directory of the files or the archive: the path itself, or inside it.
  func place(_ path: String) -> String {
    if FileSystem.exists(Path.joined(path, firstFile)) { return path }
    let inner = [directory, archive].map { Path.joined(path, $0) }
    return inner.first(where: FileSystem.exists) ?? path
  }
}
