/// The file of the running program.
package enum OwnProgram {
  /// The path of the running program's file, with links resolved. If `/proc` is not mounted, the
  /// name that the program was started by is looked up in `PATH`, as a shell does.
  package static let path: String =
    FileSystem.linkTarget(of: "/proc/self/exe")
    ?? located(
      PathText.arguments().first ?? "rso", path: PathText.environment("PATH") ?? "")

  /// Returns the file that a shell with this search path starts for a name.
  package static func located(_ name: String, path: String) -> String {
    if name.utf8.contains(UInt8(ascii: "/")) { return FileSystem.resolved(name) ?? name }
    for folder in path.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false) {
      let candidate = Path.joined(folder.isEmpty ? "." : String(Substring(folder)), name)
      if FileSystem.allows([.execute], candidate) {
        return FileSystem.resolved(candidate) ?? candidate
      }
    }
    return name
  }
}
