import RSOSystem

extension DatasetSource {
  /// The advice for data that were not found.
  static let standardAdvice =
    "name a file or directory with --data, or the directory of data sets with RSO_DATA"

  /// The standard advice, after the nearest name among the files of these directories and `names`.
  static func advice(on name: String, among names: [String], in directories: [String]) -> String {
    suggestion(for: name, among: names, in: directories).map {
      "\($0) otherwise " + standardAdvice
    }
      ?? standardAdvice
  }

  /// `; did you mean 'DIR/mine.npz'?` for a path that does not exist; empty if no name is near.
  static func advice(onMissing path: String) -> String {
    let parent = Path.parent(of: path)
    guard let names = try? FileSystem.names(in: parent),
      let near = nearestMatch(to: Path.name(of: path), among: names)
    else { return "" }
    return "; did you mean '\(Path.joined(parent, near))'?"
  }

  /// Names in a directory that are compared. A directory may have any number of files.
  private static let mostNames = 10_000

  private static func suggestion(
    for name: String, among names: [String], in directories: [String]
  ) -> String? {
    let found = directories.flatMap {
      ((try? FileSystem.names(in: $0)) ?? []).filter { !$0.hasPrefix(".") }.prefix(mostNames)
    }
    return nearestMatch(to: name, among: names + found).map { "did you mean '\($0)'?" }
  }
}
