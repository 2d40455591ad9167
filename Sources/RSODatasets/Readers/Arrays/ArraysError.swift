import RSOSystem

/// The reasons why files of arrays cannot be read, or are not a data set.
package enum ArraysError: DatasetReaderError, Equatable {
  case file(FileReadError)
  /// The content of a file is not what its format says.
  case unreadable(path: String, problem: String)
  /// A program that parses the file is missing.
  case noProgram(reason: String)
  /// The array's elements take more memory than there is.
  case tooLarge(path: String, array: String, bytes: Int, limit: Int)
  /// An element is not a number. `index` counts from 0.
  case notFinite(path: String, array: String, index: [Int], value: String)
  case notNumbers(path: String, array: String)
  case noArray(path: String, name: String, option: String, arrays: [String])
  /// No array, or more than one, can have a role; `candidates` has their names.
  case unknownRole(path: String, option: String, candidates: [String], arrays: [String])
  /// All samples are test samples by their names.
  case noTraining(path: String, arrays: [String])
  case severalGroups(path: String, groups: [String])
  case wrongShape(path: String, array: String, shape: [Int])
  /// `--label` names a column, but the labels have only one. `isArray` is true if an array has its name.
  case noColumns(path: String, label: String, array: String, isArray: Bool)
  case pickle(path: String)
  case assembly(path: String, AssemblyError)

  package var cause: ReadFailureCause {
    switch self {
    case .file(let error): error.cause
    default: .content
    }
  }

  /// Paths and names in it are printable.
  package var description: String { printable(message) }

  private var message: String {
    switch self {
    case .file(let error): error.description
    case .unreadable(let path, let problem): "cannot read '\(path)': \(problem)"
    case .noProgram(let reason): reason
    case .tooLarge(let path, let array, let bytes, let limit):
      "cannot read '\(path)': array \(quoted(array)) takes \(bytes) bytes, more than the \(limit) "
        + "of this machine's memory"
    case .notFinite(let path, let array, let index, let value):
      "cannot use '\(path)': \(Self.place(of: index, in: array)) is \(value), "
        + (Double(value)?.isFinite == true
          ? "more than a 32-bit float holds; scale such values first"
          : "not a finite number; leave out or replace such values first")
    case .notNumbers(let path, let array):
      "cannot use '\(path)': the samples in \(quoted(array)) are texts, not numbers; name other "
        + "arrays with --inputs"
    case .wrongShape(let path, let array, let shape):
      "cannot use '\(path)': the labels in \(quoted(array)) have the shape \(shape), expected N, or "
        + "N x the number of labels"
    case .noColumns(let path, let label, let array, let isArray):
      "cannot use '\(path)': the labels in \(quoted(array)) have one column, so there is no column "
        + "\(quoted(label)); "
        + (isArray
          ? "for the array of this name use --labels \(printable(label))"
          : "leave out --label, or name another array with --labels")
    case .pickle(let path): Self.adviceOnPickle(path)
    case .assembly(let path, let error): "cannot use '\(path)': \(error)"
    default: roleMessage
    }
  }

  private var roleMessage: String {
    switch self {
    case .noArray(let path, let name, let option, let arrays):
      "cannot use '\(path)': no array named \(quoted(name)); it has: \(Self.list(arrays)); "
        + "name one of them with --\(option)"
    case .unknownRole(let path, let option, let candidates, let arrays) where candidates.isEmpty:
      "cannot use '\(path)': no array is named like \(Self.noun(option)); it has: "
        + "\(Self.list(arrays)); name the right ones with --inputs and --labels"
    case .unknownRole(let path, let option, let candidates, let arrays):
      "cannot use '\(path)': \(candidates.map(quoted).joined(separator: " and ")) can both be "
        + "\(Self.noun(option)); it has: \(Self.list(arrays)); choose with --\(option)"
    case .noTraining(let path, let arrays):
      "cannot use '\(path)': it has a test set, but no training set; it has: \(Self.list(arrays)); give "
        + "it with --test-data beside the training data, or name the arrays with --inputs and --labels"
    case .severalGroups(let path, let groups):
      "cannot use '\(path)': it holds several data sets: "
        + "\(groups.map(quoted).joined(separator: ", ")); name one of the files with --data"
    default: ""
    }
  }

  private static func noun(_ option: String) -> String {
    option == "inputs" ? "the samples" : "the labels"
  }

  private static func list(_ arrays: [String]) -> String {
    arrays.prefix(20).joined(separator: ", ") + (arrays.count > 20 ? ", ..." : "")
  }

  private static func place(of index: [Int], in array: String) -> String {
    let place = "'\(array)[\(index.map(String.init).joined(separator: ", "))]'"
    guard index.count == 2 else { return place }
    return "row \(index[0]), column \(index[1]) of '\(array)', counted from 0,"
  }

  /// Converts a file with a pair of arrays.
  private static func adviceOnPickle(_ path: String) -> String {
    "cannot read '\(path)': it is a Python pickle, which is not read because reading it runs code; if it "
      + "holds a pair of arrays and you trust it, convert it with: python3 -c \"import pickle, numpy; "
      + "X, y = pickle.load(open('\(path)', 'rb')); numpy.savez('data.npz', X=X, y=y)\""
  }
}
