import RSOSystem

/// The files of a table in parts: `train.csv`, `test.csv`, and `val.csv`, in a directory.
struct TableFiles {
  private static let suffixes = ["csv", "tsv", "tab", "txt", "data", "dat"]

  var training: String
  var validation: String?
  var test: String?

  /// - Parameter path: A file, or a directory. Nil for a directory without `train.csv` or the like.
  init?(_ path: String) {
    guard FileSystem.isDirectory(path) else {
      training = path
      return
    }
    func file(_ names: [String]) -> String? {
      let files = names.flatMap { name in
        Self.suffixes.flatMap { ["\(name).\($0)", "\(name).\($0).gz"] }
      }
      return files.map { Path.joined(path, $0) }.first(where: FileSystem.isFile)
    }
    guard let training = file(["train", "training"]) else { return nil }
    self.training = training
    validation = file(["val", "valid", "validation"])
    test = file(["test", "testing"])
  }

  /// Tells if a file's name is one of a table: `x.csv`, `x.tsv.gz`.
  static func isNamedAsTable(_ path: String) -> Bool {
    var name = Path.name(of: path).lowercased()
    if name.hasSuffix(".gz") { name.removeLast(3) }
    return suffixes.contains(Path.fileExtension(of: name))
  }
}
