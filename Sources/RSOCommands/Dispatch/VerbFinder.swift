import RSOSystem

/// Finds the programs `rso-VERB` that `rso VERB` runs.
package struct VerbFinder {
  private static let prefix = "rso-"

  /// In the order of preference.
  package let directories: [String]

  package init(directories: [String]) {
    self.directories = directories
  }

  /// Looks beside `executable`, in the libexec directory of the same installation, then along
  /// `path`, where an empty entry means the working directory.
  package init(executable: String, path: String) {
    let home = Path.parent(of: executable)
    let entries = path.split(separator: ":", omittingEmptySubsequences: false)
    self.init(
      directories: [home, Path.joined(Path.parent(of: home), "libexec/rso")]
        + (path.isEmpty ? [] : entries.map { $0.isEmpty ? "." : String($0) }))
  }

  /// The program of `verb`; nil where there is none.
  package func program(for verb: String) -> String? {
    guard Self.isVerb(verb) else { return nil }
    return directories.lazy.map { "\($0)/\(Self.prefix)\(verb)" }.first(where: Self.isProgram)
  }

  /// Every verb that can be found, in alphabetical order. Directories that cannot be read count as
  /// empty.
  package func verbs() -> [String] {
    var found: Set<String> = []
    for directory in directories {
      let names = (try? FileSystem.names(in: directory)) ?? []
      for name in names where name.hasPrefix(Self.prefix) {
        let verb = String(name.dropFirst(Self.prefix.count))
        if Self.isVerb(verb), !found.contains(verb), Self.isProgram("\(directory)/\(name)") {
          found.insert(verb)
        }
      }
    }
    return found.sorted()
  }

  private static func isVerb(_ word: String) -> Bool {
    !word.isEmpty && !word.hasPrefix("-") && !word.utf8.contains(UInt8(ascii: "/"))
  }

  private static func isProgram(_ path: String) -> Bool {
    FileSystem.isFile(path) && FileSystem.allows([.execute], path)
  }
}
