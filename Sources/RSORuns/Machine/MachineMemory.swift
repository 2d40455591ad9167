internal import Glibc
import RSOSystem

/// The memory that this process can get.
package struct MachineMemory: Sendable, Hashable {
  /// Bytes that are free at the moment; nil if they are not known.
  package var available: Int?
  /// The upper limit in bytes; nil if there is none.
  package var limit: Int?

  package init(available: Int?, limit: Int?) {
    self.available = available
    self.limit = limit
  }

  /// The memory of this machine, bounded by the control groups that the process is in and by its own
  /// limit of address space.
  ///
  /// - Parameter root: The directory that `proc` and `sys` are in, with a slash at its end.
  package static func current(root: String = "/") -> MachineMemory {
    var memory = machine(root: root)
    for group in ControlGroups.around(.memory, root: root) { memory.bound(by: group) }
    if root == "/", let own = ProcessLimits.current.memory {
      memory.bound(limit: own, available: nil)
    }
    return memory
  }

  /// Memory and swap of the machine, from proc(5). If `proc` is not mounted sysconf(3) tells the memory
  /// without swap, and does not count the cache as free.
  private static func machine(root: String) -> MachineMemory {
    let info = fields(SystemFile.text(root + "proc/meminfo"))
    let swap = info["SwapFree"] ?? 0
    var memory = MachineMemory(
      available: info["MemAvailable"].map { $0 + swap },
      limit: info["MemTotal"].map { $0 + (info["SwapTotal"] ?? 0) })
    let page = sysconf(Int32(_SC_PAGESIZE))
    let (total, free) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_AVPHYS_PAGES)))
    if root == "/", memory.limit == nil, page > 0, total > 0, free >= 0 {
      memory = MachineMemory(available: free * page, limit: total * page)
    }
    return memory
  }

  private mutating func bound(by group: ControlGroups.Group) {
    let names =
      group.isUnified
      ? ("memory.max", "memory.current") : ("memory.limit_in_bytes", "memory.usage_in_bytes")
    guard let limit = SystemFile.number(group.text(names.0)) else { return }
    // The cache of files that were not used for a while is given up when memory is asked for.
    let idle =
      group.text("memory.stat").split(separator: "\n")
      .first { $0.hasPrefix("inactive_file ") }
      .flatMap { SystemFile.number(String($0.dropFirst("inactive_file ".count))) } ?? 0
    let used = SystemFile.number(group.text(names.1))
    bound(limit: limit, available: used.map { max(0, limit - max(0, $0 - idle)) })
  }

  private mutating func bound(limit: Int, available: Int?) {
    self.limit = min(self.limit ?? limit, limit)
    let most = min(limit, available ?? limit)
    self.available = min(self.available ?? most, most)
  }

  /// Reads `Name:  123 kB` lines; the values are bytes.
  private static func fields(_ text: String) -> [String: Int] {
    var fields: [String: Int] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split { $0 == ":" || $0 == " " }
      guard words.count == 3, words[2] == "kB", let kilobytes = Int(words[1]) else { continue }
      fields[String(words[0])] = kilobytes.multipliedReportingOverflow(by: 1024).partialValue
    }
    return fields
  }
}
