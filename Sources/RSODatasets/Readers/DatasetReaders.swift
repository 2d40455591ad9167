/// The kinds of data sets that are read, one line each.
package enum DatasetReaders {
  /// The first reader that recognises a path reads it. The first published data set in the list is the
  /// default.
  package static let all: [any DatasetReader] = [
    IDXReader(),
    CIFARReader(),
    CIFAR100Reader(),
    ArraysReader(),
    FolderReader(),
    SVMLightReader(),
    TableReader(),
  ]
}

extension DatasetReaders {
  /// The help of an option that names data: the names of published data sets, and the kinds of files.
  package static var help: String {
    "a name (\(publishedNames.joined(separator: ", "))), which is looked for in $RSO_DATA, or "
      + "the path of \(all.map(\.kind).joined(separator: "; "))"
  }

  /// The default data set: `cifar10 for 3 x 32 x 32 images, otherwise mnist`.
  package static var defaultText: String {
    guard let standard = published.first else { return "none" }
    var others: [PublishedDataset] = []
    for dataset in published
    where dataset.shape != standard.shape && !others.contains(where: { $0.shape == dataset.shape })
    {
      others.append(dataset)
    }
    return others.map { "\($0.name) for \($0.shape) images, " }.joined()
      + (others.isEmpty ? "" : "otherwise ") + standard.name
  }

  /// The names of published data sets.
  package static var publishedNames: [String] { published.map(\.name) }

  private static var published: [PublishedDataset] { all.flatMap { $0.published } }
}
