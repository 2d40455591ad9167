internal import Glibc

/// The file of the running program.
package enum OwnProgram {
  /// The path of the running program's file, with links resolved. Where `/proc` is not mounted it is
  /// found as a shell finds it: by the name that it was started by, along `PATH`.
  package static let path: String =
    linkTarget(of: "/proc/self/exe")
    ?? located(
      CommandLine.arguments.first ?? "rso", path: getenv("PATH").map { String(cString: $0) } ?? "")

  /// The file that a program of this name is, for a shell with this search path.
  package static func located(_ name: String, path: String) -> String {
    if name.contains("/") { return resolved(name) ?? name }
    for folder in path.split(separator: ":", omittingEmptySubsequences: false) {
      let candidate = (folder.isEmpty ? "." : String(folder)) + "/" + name
      if access(candidate, X_OK) == 0 { return resolved(candidate) ?? candidate }
    }
    return name
  }

  private static func linkTarget(of link: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = readlink(link, &buffer, buffer.count)
    return length > 0 ? text(buffer[..<length]) : nil
  }

  private static func resolved(_ path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    return realpath(path, &buffer) == nil ? nil : text(buffer.prefix { $0 != 0 })
  }

  private static func text(_ bytes: some Collection<CChar>) -> String {
    String(decoding: bytes.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
