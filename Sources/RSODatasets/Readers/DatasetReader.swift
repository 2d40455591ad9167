import RSONumerics

/// Reads one kind of data set, from a directory or a file.
///
/// To add a kind, add a folder beside this file with a type that conforms, and a line in
/// `DatasetReaders.all`. No file may trap the program. Compare every size with the size of the file
/// before you take memory.
package protocol DatasetReader: Sendable {
  associatedtype Failure: DatasetReaderError

  /// The kind of data set in messages: `IDX files as MNIST's`.
  var kind: String { get }

  /// The public data sets of this kind that can be named without a path.
  var published: [PublishedDataset] { get }

  /// Checks if a path holds a data set of this kind, quickly: by names and first bytes. `load` may
  /// still fail.
  func recognition(of path: String) -> Recognition

  /// Reads and checks the whole data set at a path, as `request` asks.
  func load(_ path: String, _ request: DataRequest) throws(Failure) -> Dataset

  /// Reads samples whose targets are not needed and may be missing.
  func samples(
    at path: String, _ request: DataRequest
  ) throws(Failure) -> (shape: ImageShape, samples: SampleStorage)
}

extension DatasetReader {
  /// The samples of the test set, or of the training set if there is no test set.
  package func samples(
    at path: String, _ request: DataRequest
  ) throws(Failure) -> (shape: ImageShape, samples: SampleStorage) {
    let dataset = try load(path, request)
    let set = dataset.test ?? dataset.training
    return (set.shape, set.samples)
  }
}

/// The answer of a reader about a path.
package enum Recognition: Sendable, Equatable {
  case recognized
  /// Not of this kind. The reason is for messages: `no 'data_batch_1.bin' in it`.
  case unknown(reason: String)
}

/// An error of a reader. Its description names the file.
package protocol DatasetReaderError: Error, Sendable, CustomStringConvertible {
  var cause: ReadFailureCause { get }
}

/// The causes of a failed read. Each has its own exit status.
package enum ReadFailureCause: Sendable, Equatable {
  /// A file is missing, or may not be opened.
  case notFound
  /// The device reports an error.
  case inputOutput
  /// The content is not what the format says.
  case content
}
