import Pictures
import RSOSystem

/// The reasons why a folder of pictures cannot be read.
package enum FolderError: DatasetReaderError, Equatable {
  case file(FileReadError)
  case noClasses(path: String)
  case emptyClass(path: String)
  /// A picture of a kind that is not read.
  case otherKind(path: String)
  case badPicture(path: String, reason: String)
  /// The first two pictures of different sizes; `size` is `32 x 32`, width first.
  case differentSizes(path: String, size: String, other: String, otherSize: String, advice: String)
  case tooLarge(path: String, limit: Int)
  case noProgram(path: String, reason: String)
  case notForFolders(path: String, option: String)
  case assembly(path: String, AssemblyError)

  package var cause: ReadFailureCause {
    if case .file(let error) = self { error.cause } else { .content }
  }

  /// Paths in it are printable.
  package var description: String { printable(message) }

  private var message: String {
    switch self {
    case .file(let error):
      error.description
    case .noClasses(let path):
      "cannot use '\(path)': it has no directory for each class, such as 'cats' and 'dogs'; pictures without "
        + "classes are only for 'rso predict'"
    case .emptyClass(let path):
      "cannot use '\(path)': no PNG or JPEG pictures in it; remove the directory if it is not a class"
    case .otherKind(let path):
      "cannot use '\(path)': only PNG and JPEG pictures are read; convert it and those like it, such "
        + "as with 'mogrify -format png FILES'"
    case .badPicture(let path, let reason):
      "cannot read '\(path)': \(reason); replace or remove the picture"
    case .differentSizes(let path, let size, let other, let otherSize, let advice):
      "cannot use '\(path)' with '\(other)': the first has \(size) pixels, the second \(otherSize); "
        + "make all of one size, such as with: \(advice)"
    case .tooLarge(let path, let limit):
      "cannot use '\(path)': its pictures have more than \(limit) bytes"
    case .noProgram(let path, let reason):
      "cannot run '\(path)', which decodes pictures: \(reason); install rso again"
    case .notForFolders(let path, let option):
      "cannot use '\(path)': \(option) is for arrays and tables; the directories name the classes"
    case .assembly(let path, let error):
      "cannot use '\(path)': \(error)"
    }
  }
}
