/// Reads one kind of data set, from a directory or a file.
///
/// To add a kind: a folder beside this file with a type that conforms, and its line in
/// `DatasetReaders.all`. A file from anywhere must not trap the program, nor take more memory than it
/// can hold: bound every size before memory is taken for it.
package protocol DatasetReader: Sendable {
  associatedtype Failure: DatasetReaderError

  /// The kind of data set in messages: `IDX files as MNIST's`.
  var kind: String { get }

  /// The public data sets of this kind that can be named without a path.
  var published: [PublishedDataset] { get }

  /// Tells if there is a data set of this kind at a path. A quick look at names and first bytes: `load`
  /// may still fail.
  func recognition(of path: String) -> Recognition

  /// Reads and checks the whole data set at a path.
  func load(_ path: String) throws(Failure) -> Dataset
}

/// The answer of a reader about a path.
package enum Recognition: Sendable, Equatable {
  case recognized
  /// Nothing of its kind, with the reason: `no 'data_batch_1.bin' in it`.
  case unknown(reason: String)
}

/// An error of a reader. Its description names the file.
package protocol DatasetReaderError: Error, Sendable, CustomStringConvertible {
  var cause: ReadFailureCause { get }
}

/// The kinds of reasons for which data cannot be read; each has an exit status of its own.
package enum ReadFailureCause: Sendable, Equatable {
  /// A file is missing, or may not be opened.
  case notFound
  /// The device does not give the bytes.
  case inputOutput
  /// The content is not what the format says.
  case content
}
