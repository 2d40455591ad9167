import Foundation

/// Makes a directory, and those above it that are missing, as `mkdir -p` does.
///
/// *Throws:* `RunError.system`, with the system's reason.
func makeDirectory(at path: String) throws {
  func make() -> Int32 { mkdir(path, 0o777) == 0 || errno == EEXIST ? 0 : errno }
  var code = make()
  let parent = RunPaths(around: path).directory
  if code == ENOENT, !path.isEmpty, parent != path {
    try makeDirectory(at: parent)
    code = make()
  }
  guard code == 0 else {
    throw RunError.system(operation: "make directory", path: path, code: code)
  }
}
