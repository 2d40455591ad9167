import Foundation

/// A directory or file that may hold a data set, in one of the forms that are read.
enum DatasetPlace {
  case idx(IDXDirectory, path: String)
  case cifar(CIFARReader, path: String)

  /// Nil if there is nothing of the kind.
  init?(_ url: URL) {
    let (idx, cifar) = (IDXDirectory(url), CIFARReader(url))
    if idx.holdsData {
      self = .idx(idx, path: url.path)
    } else if cifar.holdsData {
      self = .cifar(cifar, path: url.path)
    } else {
      return nil
    }
  }

  func load() throws(DatasetError) -> Dataset {
    var dataset: Dataset
    let place: String
    switch self {
    case .idx(let directory, let path): (dataset, place) = (try directory.load(), path)
    case .cifar(let reader, let path): (dataset, place) = (try reader.load(), path)
    }
    dataset.place = place
    return dataset
  }

  /// Why there is no data set where one must be.
  static func refusal(of url: URL) -> DatasetError {
    do throws(DatasetError) {
      // A file that is no archive, or a directory with some batches, has more to say.
      _ = try CIFARReader(url).load()
    } catch .batchMissing(_, let name) where name == CIFARFiles.trainingName(1) {
      return .noDataset(path: url.path)
    } catch {
      return error
    }
    return .noDataset(path: url.path)
  }
}
