/// The control groups (cgroups(7)) that bound a resource of this process: its own group and the groups
/// around it, of version 1 or 2.
struct ControlGroups {
  /// A resource under the name that version 1 has for it.
  enum Controller: String {
    case memory, cpu, pids
  }

  struct Group {
    var directory: String
    /// A group of version 2, where one hierarchy holds all controllers.
    var isUnified: Bool

    /// The content of one of the group's files; empty if there is none.
    func text(_ name: String) -> String { SystemFile.text("\(directory)/\(name)") }
  }

  /// - Parameters:
  ///   - root: The directory that `proc` and `sys` are in, with a slash at its end.
  ///
  /// If `proc` is not mounted, the groups at the top of each hierarchy are taken. In a container
  /// these are the container's own.
  static func around(_ controller: Controller, root: String) -> [Group] {
    let list = SystemFile.text(root + "proc/self/cgroup")
    let lines = list.isEmpty ? "0::/\n1:\(controller.rawValue):/\n" : list
    return lines.split(separator: "\n").flatMap { line -> [Group] in
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return [] }
      let isUnified = parts[0] == "0" && parts[1].isEmpty
      guard isUnified || parts[1].split(separator: ",").contains(Substring(controller.rawValue))
      else { return [] }
      let names = parts[2].split(separator: "/").filter { $0 != ".." }
      let top = root + "sys/fs/cgroup" + (isUnified ? "" : "/\(controller.rawValue)")
      return (0...names.count).map { depth in
        Group(
          directory: top + names[..<depth].map { "/\($0)" }.joined(), isUnified: isUnified)
      }
    }
  }
}
