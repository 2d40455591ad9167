/// The file of the running program.
package enum OwnProgram {
  /// The path of the running program's file, with links resolved. If `/proc` is not mounted, the
  /// name that the program was started by is looked up in `PATH`, as a shell does.
  package static let path: String =
    FileSystem.linkTarget(of: "/proc/self/exe")
    ?? located(
      PathText.arguments().first ?? "rso", path: PathText.environment("PATH") ?? "")

  /// The path of `rso`: this program if it is `rso`; otherwise `rso` in the directory of this program,
  /// which is where tests are built.
  package static var rso: String {
    let name = Path.name(of: path)
    let isOwn = name == "rso" || name.hasPrefix("rso-")
    return isOwn ? path : Path.joined(Path.parent(of: path), "rso")
  }

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
