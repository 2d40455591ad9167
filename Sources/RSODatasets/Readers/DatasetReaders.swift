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
    TableReader(),
  ]
}
