/// The kinds of data sets that are read, one line each.
package enum DatasetReaders {
  /// The first one that recognises a path reads it. The first published data set of all is the default.
  package static let all: [any DatasetReader] = [
    IDXReader(),
    CIFARReader(),
  ]
}
